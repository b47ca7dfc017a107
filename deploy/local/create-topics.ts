import { namedBrokers } from './brokers.ts';
import { build } from './build.ts';
import { commandLine, orRefuse, sourceOrgsIn } from './command-line.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';

const help = `npm run topics [-- options]: creates the topics that are missing on a Kafka, changes none that exists

  --brokers host:port,…   this Kafka; else KAFKA_BROKERS, else that of the running npm start
  --replication-factor N  copies of each new topic; 3 where not given, or as many as there are brokers
  --org ORG               also the topic that this source org is to own for its alerts, with its dead letters; may be
                          given many times
  --help                  this

Prints JSON: what was created, what existed, and what exists with another number of partitions. Then the exit code is 1:
keys would lose their order. It looks for a broker for half a minute.
`;
const { values } = commandLine(help, {
  brokers: { type: 'string' },
  'replication-factor': { type: 'string' },
  org: { type: 'string', multiple: true },
});
const sourceOrgs = orRefuse(() => sourceOrgsIn(values.org));
const { brokers, namedBy } = orRefuse(() => namedBrokers(values.brokers));
const replicationFactor = orRefuse(() => replicasIn(values['replication-factor']));

function replicasIn(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,2}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new Error(`--replication-factor must be a whole number above 0, not ${JSON.stringify(text)}`);
}

async function run(): Promise<number> {
  const progress = new Progress();
  await progress.step('building what has changed', build);
  const { createAllTopics } = await import('./stack/topics.ts');
  const report = await progress.step(`asking the Kafka of ${namedBy}, ${brokers}`, () =>
    createAllTopics(brokers, replicationFactor, sourceOrgs),
  );
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report.mismatched.length === 0 ? 0 : 1;
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
