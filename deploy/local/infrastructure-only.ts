import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { claimFolder, startInfrastructure } from './infrastructure.ts';
import { runProgram } from './lifecycle.ts';
import { Processes } from './processes.ts';
import { Progress } from './progress.ts';

/* npm run stack [-- --name stack]: Kafka with its topics and MariaDB with its tables, for services run by hand. */
let processes: Processes | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const { values } = parseArgs({ options: { name: { type: 'string', default: 'stack' } } });
  const progress = new Progress();
  await progress.step('building what has changed', build);
  const [{ createAllTopics }, { migrate }] = await Promise.all([import('./topics.ts'), import('./services.ts')]);
  const folder = claimFolder(values.name);
  const own = new Processes(folder);
  processes = own;
  const { brokers, databaseUrl } = await startInfrastructure(folder, own, progress);
  await Promise.all([
    progress.step('creating the topics from their cards', () => createAllTopics(brokers)),
    progress.step('migrating the database', () => migrate(own, databaseUrl)),
  ]);
  const variables = `KAFKA_BROKERS=${brokers}\nDATABASE_URL=${databaseUrl}\n`;
  process.stdout.write(`\n${variables}\nLogs in ${folder.logs}. Ctrl-C stops it.\n`);
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => processes?.stopAll(),
  kill: () => processes?.killAll(),
});
