import { createTopics, namedKafka, programLog } from '@pagebridge/kafka';
import { topicDefinitions } from '../topic-definitions.ts';
import { exitCodeOf, optionsOf, orUsage, sourceOrgsIn, UsageError } from './command-line.ts';

const help = `topics [options] (in a checkout: npm run topics -- [options]): creates the topics that are missing on a Kafka, changes
none that exists

  --brokers host:port,…   this Kafka; else KAFKA_BROKERS, else that of the running npm start, as
                          its user topics where it is secure
  --replication-factor N  copies of each new topic; 3 where not given, or as many as there are brokers
  --org ORG               also the topic that this source org is to own for its alerts, with its dead letters; may be
                          given many times
  --help                  this

Prints JSON: what was created, what existed, and what exists with another number of
partitions. Then the exit code is 1: keys would lose their order. It looks for a broker for half a minute.
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
