import { join } from 'node:path';
import {
  build,
  claimFolder,
  endLeftovers,
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
/** What the kind of tests that runs now stands on. */
let ground: { readonly stop: () => Promise<void>; readonly kill: () => void } | undefined;

/** Integration tests get a broker and a database, each test its own topics and schemas. */
async function integrationGround(): Promise<Record<string, string>> {
  const folder = claimFolder('test');
  const processes = new Processes(folder);
  ground = { stop: () => processes.stopAll(), kill: () => processes.killAll() };
  const { brokers, databaseUrl, kafka } = await startInfrastructure(folder, processes, progress);
  return { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, ...(kafka ? { KAFKA_LIBS: kafka.jars } : {}) };
}

/** Journeys share a stack, each with a source org of its own; those that stop or kill something start their own. */
async function journeysGround(): Promise<Record<string, string>> {
  const { Stack } = await import('@pagebridge/local-stack');
  const stack = new Stack({ name: 'journeys', progress, given: {} });
  ground = stack;
  await stack.start();
  return { PAGEBRIDGE_STACK_FILE: join(stack.folder.path, 'stack.json') };
}

const groundOf: Readonly<Record<Kind, () => Promise<Record<string, string>>>> = {
  unit: async () => ({}),
  integration: integrationGround,
  journeys: journeysGround,
  // Its runs have stacks of their own.
  chaos: async () => ({}),
};

async function countOf(kind: Kind): Promise<Tally> {
  try {
    return await jest.run(kind, paths, await groundOf[kind]());
  } catch (error) {
    process.stderr.write(`${kind} tests cannot run: ${(error as Error).message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await stop();
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
  const total = sum(tallies.map(([, tally]) => tally));
  const lines = tallies.map(([name, tally]) => `${name}: ${lineOf(tally)}\n`);
  process.stdout.write(`\n${lines.join('')}${lineOf(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function stop(): Promise<void> {
  killJest();
  await ground?.stop();
  ground = undefined;
}

// A journey's own stack belongs to Jest's process; when that is killed, its children are leftovers.
function killJest(): void {
  jest.kill();
  endLeftovers();
}

await runProgram({
  run,
  stop,
  kill: () => {
    killJest();
    ground?.kill();
  },
});
