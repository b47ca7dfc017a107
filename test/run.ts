import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  build,
  builtVariable,
  claimFolder,
  endLeftovers,
  givenByEnvironment,
  Processes,
  Progress,
  runProgram,
  startInfrastructure,
  startKafka,
} from '@pagebridge/local-stack/base';
import { type Ground, JestRun, type Kind, kinds } from './jest-run.ts';
import { lineOf, sum, type Tally } from './tally.ts';

/*
 * npm test: everything but what is slow and rarely breaks, which is `npm run test:nightly`. `node test/run.ts <kind> [path …]`
 * runs one kind, narrowed to paths.
 * The last line is `N passed, N failed`, whatever happens; the exit code is 0 only if nothing failed.
 */
const [wanted, ...paths] = process.argv.slice(2).filter((argument) => argument !== '--');
const all = [...kinds, 'nightly'] as const;
const selected = wanted === undefined ? kinds : all.filter((kind) => kind === wanted);
if (selected.length === 0) {
  process.stderr.write(`no such kind of tests: ${wanted}; there are ${all.join(', ')}\n`);
  process.exit(2);
}

const progress = new Progress();
const jest = new JestRun();
/** What the kind of tests that runs now stands on. Nothing of it is kept, so that it is not stopped in order. */
const grounds: { readonly kill: () => Promise<void> }[] = [];

// How many spec files of integration and journeys run at once; one after the other where paths name a few. Specs of one service
// share its topics, and journeys a stack: each of Jest's workers has its own.
const atOnce = paths.length === 0 ? 2 : 1;

/** Integration tests get a broker and a database, each test its own topics and schemas. */
async function integrationGround(): Promise<Ground> {
  const given = givenByEnvironment();
  const processesOf = (number: number) => {
    const folder = claimFolder(`test-${number}`);
    const processes = new Processes(folder);
    grounds.push({ kill: () => processes.killAll() });
    return [folder, processes] as const;
  };
  const [first, second] = await Promise.all([
    startInfrastructure(...processesOf(1), progress, given),
    given.brokers || atOnce === 1 ? undefined : startKafka(...processesOf(2)),
  ]);
  const { brokers, databaseUrl, kafka } = first;
  const env = { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, ...(kafka ? { KAFKA_LIBS: kafka.jars } : {}) };
  return second ? { env: { ...env, KAFKA_BROKERS_2: second.brokers }, workers: 2 } : { env, workers: 1 };
}

/** Journeys share a stack, each with a source org of its own; what one stops or kills it starts again. */
async function journeysGround(): Promise<Ground> {
  const [{ Stack }, { unlimited }, { StackControl }] = await Promise.all([
    import('@pagebridge/local-stack'),
    import('@pagebridge/testing'),
    import('./harness/stack/stack-control.ts'),
  ]);
  const env = { 'connection-management': unlimited };
  const stacks = Array.from({ length: atOnce }, async (_, index) => {
    const number = index + 1;
    const stack = new Stack({ name: `journeys-${number}`, progress, given: {}, env });
    grounds.push(stack);
    await stack.start();
    return {
      [`PAGEBRIDGE_STACK_FILE_${number}`]: join(stack.folder.path, 'stack.json'),
      [`PAGEBRIDGE_STACK_CONTROL_${number}`]: await StackControl.of(stack),
    };
  });
  return { env: Object.assign({}, ...(await Promise.all(stacks))), workers: atOnce };
}

/** What is slow is of every kind. */
async function nightlyGround(): Promise<Ground> {
  const [integration, journeys] = await Promise.all([integrationGround(), journeysGround()]);
  return { env: { ...integration.env, ...journeys.env }, workers: integration.workers };
}

const groundOf: Readonly<Record<Kind, () => Promise<Ground>>> = {
  unit: async () => ({ env: {}, workers: availableParallelism() }),
  integration: integrationGround,
  journeys: journeysGround,
  // Its runs have stacks of their own.
  chaos: async () => ({ env: {}, workers: 1 }),
  nightly: nightlyGround,
};

async function countOf(kind: Kind): Promise<Tally> {
  try {
    return await jest.run(kind, paths, await groundOf[kind]());
  } catch (error) {
    process.stderr.write(`${kind} tests cannot run: ${(error as Error).message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await end();
  }
}

async function run(stopping: AbortSignal): Promise<number> {
  const tallies: [Kind | 'build', Tally][] = [];
  try {
    await progress.step('building what has changed', build);
    process.env[builtVariable] = 'yes';
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

// A journey's own stack belongs to Jest's process; when that is killed, its children are leftovers.
async function end(): Promise<void> {
  jest.kill();
  endLeftovers();
  await Promise.all(grounds.splice(0).map((ground) => ground.kill()));
}

await runProgram({ run, stop: end, kill: end });
