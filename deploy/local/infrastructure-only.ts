import { build } from './build.ts';
import { commandLine } from './command-line.ts';
import { claimFolder, startInfrastructure } from './infrastructure/infrastructure.ts';
import { runProgram } from './lifecycle.ts';
import { Processes } from './processes/processes.ts';
import { Progress } from './progress.ts';

const help = `npm run stack [-- options]: an empty Kafka with its topics and a MariaDB with its tables, until Ctrl-C

  --name NAME  the folder under .local (stack); a second stack needs another name
  --help       prints this text

For services that are started by hand, and for tests: prints KAFKA_BROKERS and DATABASE_URL as lines for a shell. If these
are set already, uses their Kafka and database.
`;
const { values } = commandLine(help, { name: { type: 'string', default: 'stack' } });

let processes: Processes | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const progress = new Progress();
  await progress.step('building what has changed', build);
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
  process.stdout.write(`\n${variables}\nLogs in ${folder.logs}. Ctrl-C stops it.\n`);
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => processes?.stopAll(),
  kill: () => processes?.killAll(),
});
