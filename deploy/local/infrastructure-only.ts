import { join } from 'node:path';
import { build } from './build.ts';
import { localFolder } from './folder.ts';
import { claimFolder, startInfrastructure } from './infrastructure.ts';
import { runProgram } from './lifecycle.ts';
import { Processes } from './processes.ts';
import { Progress } from './progress.ts';

/* npm run stack: Kafka with its topics and MariaDB with its tables, for services that are run by hand. */
let processes: Processes | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const progress = new Progress();
  await progress.step('building what has changed', build);
  const [{ createAllTopics }, { migrate }] = await Promise.all([import('./topics.ts'), import('./services.ts')]);
  const folder = claimFolder('stack');
  processes = new Processes(folder);
  const { brokers, databaseUrl } = await startInfrastructure(folder, processes, progress);
  await Promise.all([
    progress.step('creating the topics from their cards', () => createAllTopics(brokers)),
    progress.step('migrating the database', () => migrate(databaseUrl)),
  ]);
  const variables = `KAFKA_BROKERS=${brokers}\nDATABASE_URL=${databaseUrl}\n`;
  process.stdout.write(`\n${variables}\nLogs in ${join(localFolder, 'stack', 'logs')}. Ctrl-C stops it.\n`);
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => processes?.stopAll(),
  kill: () => processes?.killAll(),
});
