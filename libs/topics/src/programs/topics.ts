import { createTopics, namedKafka, programLog } from '@pagebridge/kafka';
import { exitCodeOf, optionsOf, orUsage, UsageError } from '@pagebridge/programs';
import { useProxy } from '@pagebridge/proxy';
import { topicDefinitions } from '../topic-definitions.ts';
import { sourceOrgsIn } from './source-orgs.ts';

const help = `topics [options] (in a checkout: npm run topics -- [options]): creates missing topics, and changes no existing topic

  --brokers host:port,…   brokers of the Kafka cluster; default: KAFKA_BROKERS, else the Kafka of a running npm start,
                          as its user "topics" if that Kafka is secure
  --replication-factor N  replicas of each new topic; default: 3, or the number of brokers if there are fewer
  --org ORG               also create the own alert topic of this source org, with its dead letters; may be repeated
  --help                  print this text

Prints JSON: the topics that were created, that existed, and that exist with another number of partitions. In the last case
the exit code is 1, since records of a key would lose their order. Tries for half a minute to reach a broker.
`;

async function topics(line: readonly string[]): Promise<number> {
  const values = optionsOf(line, {
    brokers: { type: 'string' },
    'replication-factor': { type: 'string' },
    org: { type: 'string', multiple: true },
  });
  if (!values) {
    process.stdout.write(help);
    return 0;
  }
  const definitions = topicDefinitions(replicasIn(values['replication-factor']), sourceOrgsIn(values.org));
  orUsage(useProxy);
  const settings = orUsage(() => namedKafka('topics', values.brokers, process.env));
  const log = programLog((message) => process.stderr.write(`${message}\n`));
  const report = await createTopics({ ...settings, clientId: 'pagebridge-topics', log }, definitions);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report.mismatched.length === 0 ? 0 : 1;
}

function replicasIn(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,2}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--replication-factor must be a whole number above 0, not ${JSON.stringify(text)}`);
}

process.exitCode = await exitCodeOf(topics);
