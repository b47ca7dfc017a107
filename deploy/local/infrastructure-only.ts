import { build } from './build.ts';
import { commandLine } from './command-line.ts';
import { claimFolder, startInfrastructure } from './infrastructure/infrastructure.ts';
import { runProgram } from './lifecycle.ts';
import { Processes } from './processes/processes.ts';
import { Progress } from './progress.ts';

const help = `npm run stack [-- options]: start Kafka with empty topics and MariaDB with empty tables, until Ctrl-C

  --name NAME  folder under .local (stack); use another name for a second stack
  --help       print this help

Use it for services that you start yourself, and for tests. It prints KAFKA_BROKERS and DATABASE_URL as shell commands. If
these variables are already set, their Kafka and database are used.
`;
const { values } = commandLine(help, { name: { type: 'string', default: 'stack' } });

let processes: Processes | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const progress = new Progress();
  await progress.step('building changed packages', build);
  const [{ createAllTopics }, { migrate }] = await Promise.all([
    import('./stack/topics.ts'),
    import('./stack/services.ts'),
  ]);
  const folder = claimFolder(values.name);
  const own = new Processes(folder);
  processes = own;
  const infrastructure = await startInfrastructure(folder, own, progress);
  const { brokers, databaseUrl } = infrastructure;
  await Promise.all([
    progress.step(`creating missing topics on ${brokers}`, () => createAllTopics(infrastructure)),
    progress.step('migrating the databases', () => migrate(own, infrastructure)),
  ]);
  const variables = `export KAFKA_BROKERS=${brokers}\nexport DATABASE_URL=${databaseUrl}\n`;
  process.stdout.write(`\n${variables}\nLogs: ${folder.logs}. Press Ctrl-C to stop.\n`);
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => processes?.stopAll(),
  kill: () => processes?.killAll(),
});
