import {
  build,
  claimFolder,
  endLeftovers,
  type Infrastructure,
  Processes,
  Progress,
  runProgram,
  startInfrastructure,
} from '@pagebridge/local-stack/base';
import { JestRun, type Kind, kinds } from './jest-run.ts';
import { lineOf, sum, type Tally } from './tally.ts';

/*
 * npm test: everything. `node test/run.ts <kind> [path …]` runs one kind, narrowed to paths.
 * The last line is `N passed, N failed`, whatever happens; the exit code is 0 only if nothing failed.
 */
const [wanted, ...paths] = process.argv.slice(2).filter((argument) => argument !== '--');
const selected = kinds.filter((kind) => wanted === undefined || kind === wanted);
if (selected.length === 0) {
  process.stderr.write(`no such kind of tests: ${wanted}; there are ${kinds.join(', ')}\n`);
  process.exit(2);
}

const progress = new Progress();
const jest = new JestRun();
let processes: Processes | undefined;
let infrastructure: Promise<Infrastructure> | undefined;

// Started when the first kind that needs it begins, shared by the others.
const needInfrastructure = () => {
  infrastructure ??= (async () => {
    const folder = claimFolder('test');
    processes = new Processes(folder);
    return startInfrastructure(folder, processes, progress);
  })();
  return infrastructure;
};

async function environmentFor(kind: Kind): Promise<Record<string, string>> {
  if (kind === 'unit') return {};
  const { brokers, databaseUrl, kafkaJars } = await needInfrastructure();
  return { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, ...(kafkaJars ? { KAFKA_LIBS: kafkaJars } : {}) };
}

async function countOf(kind: Kind): Promise<Tally> {
  try {
    return await jest.run(kind, paths, await environmentFor(kind));
  } catch (error) {
    process.stderr.write(`${kind} tests cannot run: ${(error as Error).message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function run(stopping: AbortSignal): Promise<number> {
  const tallies: [Kind | 'build', Tally][] = [];
  try {
    await progress.step('building what has changed', build);
    for (const kind of selected) {
      if (!stopping.aborted) tallies.push([kind, await countOf(kind)]);
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    tallies.push(['build', { passed: 0, failed: 1, skipped: 0 }]);
  }
  if (stopping.aborted) return 1;
  await stop();
  const total = sum(tallies.map(([, tally]) => tally));
  const lines = tallies.map(([name, tally]) => `${name}: ${lineOf(tally)}\n`);
  process.stdout.write(`\n${lines.join('')}${lineOf(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function stop(): Promise<void> {
  kill();
  await processes?.stopAll();
}

// A journey's own stack belongs to Jest's process; when that is killed, its children are leftovers.
function kill(): void {
  jest.kill();
  endLeftovers();
}

await runProgram({
  run,
  stop,
  kill: () => {
    kill();
    processes?.killAll();
  },
});
