import { compareTopics, createTopics, growthFaults, namedKafka, programLog } from '@pagebridge/kafka';
import { exitCodes, orUsage, runProgram, UsageError } from '@pagebridge/programs';
import { useProxy } from '@pagebridge/proxy';
import { topicDefinitions } from '../topic-definitions.ts';
import { sourceOrgsIn } from './source-orgs.ts';

const help = `topics [options] (in a checkout: npm run topics -- [options]): creates missing topics, and changes no existing topic

  --brokers host:port,…   brokers of the Kafka cluster; default: KAFKA_BROKERS, else the Kafka of a running npm start,
                          as its user "topics" if that Kafka is secure
  --replication-factor N  replicas of each new topic; default: 3, or the number of brokers if there are fewer
  --check                 only look for topics that have records and another number of partitions, before Strimzi adds some
  --org ORG               also create the own alert topic of this source org, with its dead letters; may be repeated
  --help                  print this text

Prints JSON: the topics that were created and that existed, and how they differ from the topic cards, each with its cure. The
exit code is 1 if one is wrong: it loses records, or the order of a key. Tries for half a minute to reach a broker.
`;

const options = {
  brokers: { type: 'string' },
  'replication-factor': { type: 'string' },
  check: { type: 'boolean', default: false },
  org: { type: 'string', multiple: true },
} as const;

await runProgram(help, options, async (values) => {
  const definitions = topicDefinitions(replicasIn(values['replication-factor']), sourceOrgsIn(values.org));
  orUsage(useProxy);
  const settings = orUsage(() => namedKafka('topics', values.brokers, process.env));
  const log = programLog((message) => process.stderr.write(`${message}\n`));
  const kafka = { ...settings, clientId: 'pagebridge-topics', log };
  const report = values.check ? {} : await createTopics(kafka, definitions);
  const faults = await (values.check ? growthFaults : compareTopics)(kafka, definitions);
  const textsOf = (isWrong: boolean) => faults.filter(({ isLoss }) => isLoss === isWrong).map(({ text }) => text);
  const wrong = textsOf(true);
  process.stdout.write(`${JSON.stringify({ ...report, wrong, warnings: textsOf(false) }, null, 2)}\n`);
  return wrong.length === 0 ? exitCodes.done : exitCodes.failed;
});

function replicasIn(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,2}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--replication-factor must be a whole number above 0, not ${JSON.stringify(text)}`);
}
