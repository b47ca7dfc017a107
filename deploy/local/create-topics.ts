import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';

/*
 * npm run topics -- --brokers host:port,… [--replication-factor 3]: creates the topics that are missing, changes none.
 * Exit code 1 when one exists with another partition count: keys would lose their order.
 */
async function run(): Promise<number> {
  const { values } = parseArgs({
    options: { brokers: { type: 'string' }, 'replication-factor': { type: 'string' } },
  });
  const brokers = values.brokers ?? process.env.KAFKA_BROKERS;
  if (!brokers) throw new Error('which Kafka? npm run topics -- --brokers host:port,… [--replication-factor 3]');
  const replicas = values['replication-factor'];
  await new Progress().step('building what has changed', build);
  const { createAllTopics } = await import('./topics.ts');
  const report = await createAllTopics(brokers, replicas === undefined ? undefined : Number(replicas));
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report.mismatched.length === 0 ? 0 : 1;
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
