import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, builtVariable, commandLine, endLeftovers, Progress, runProgram } from '@pagebridge/local-stack/base';
import { JestRun, type Kind, kinds } from './jest-run.ts';
import { missingLines } from './optional-programs.ts';
import { complete, lineOf, sum, type Tally } from './tally.ts';
import { TestEnvironments } from './test-environments.ts';

const help = `npm test: run all tests except the image tests and the nightly tests

npm run test:unit, test:int, test:e2e, test:console, test:nightly, test:image and npm test -- chaos run one kind of tests. One kind
accepts paths: npm run test:int -- libs/kafka. npm test -- everything also runs the image tests.

  -t, --test TEXT  run only tests whose titles match this text
  --complete       count skipped tests as failed
  --help           print this help

Tests that require a missing program are skipped. The run prints each missing program and how to install it. The last line is
"N passed, N failed", and ", N skipped" if tests were skipped. Exit code 0: no test failed.
`;
const { values, positionals } = commandLine(
  help,
  { test: { type: 'string', short: 't' }, complete: { type: 'boolean' } },
  true,
);
const [wanted = 'all', ...paths] = positionals;
const only = [...kinds, 'console', 'image', 'nightly'].find((kind): kind is Kind => kind === wanted);
if (!only && wanted !== 'all' && wanted !== 'everything') {
  process.stderr.write(
    `error: unknown kind of tests: ${wanted}\nhint: use ${kinds.join(', ')}, console, image, nightly or everything\n`,
  );
  process.exit(2);
}

const matching = values.test === undefined ? [] : [`--testNamePattern=${values.test}`];
const progress = new Progress();
// With paths, spec files run one after the other.
const environments = new TestEnvironments(progress, paths.length > 0);
const runs = new Set<JestRun>();
// Specs write the programs into it that they lack.
const scratch = mkdtempSync(join(tmpdir(), 'pagebridge-tests-'));
const missing = join(scratch, 'missing-programs');
writeFileSync(missing, '');
process.env.MISSING_PROGRAMS_FILE = missing;

async function countOf(kind: Kind, yields = false): Promise<Tally> {
  const jest = new JestRun();
  runs.add(jest);
  try {
    return await jest.run(kind, [...paths, ...matching], await environments.start[kind](), yields);
  } catch (error) {
    process.stderr.write(`error: ${kind} tests cannot run: ${(error as Error).message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    jest.kill();
    runs.delete(jest);
    // The children of a test belong to Jest's process; if Jest is killed, they are leftovers.
    endLeftovers();
    await environments.end(kind);
  }
}

/**
 * Unit tests use CPU all the time, so they run at low priority as long as integration tests and journeys run. Chaos runs alone, because it
 * measures how soon the services recover from a fault.
 */
async function* countAll(): AsyncGenerator<[Kind, Tally]> {
  const unit = countOf('unit', true);
  yield ['integration', await countOf('integration')];
  yield ['journeys', await countOf('journeys')];
  for (const jest of runs) jest.yieldNoMore();
  yield ['unit', await unit];
  yield ['chaos', await countOf('chaos')];
  if (wanted === 'everything') yield ['image', await countOf('image')];
}

async function* countOne(kind: Kind): AsyncGenerator<[Kind, Tally]> {
  yield [kind, await countOf(kind)];
}

async function run(stopping: AbortSignal): Promise<number> {
  const tallies: [Kind | 'build', Tally][] = [];
  try {
    await progress.step('building changed packages', build);
    process.env[builtVariable] = 'yes';
    for await (const counted of only ? countOne(only) : countAll()) {
      if (stopping.aborted) return 1;
      tallies.push(counted);
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    tallies.push(['build', { passed: 0, failed: 1, skipped: 0 }]);
  }
  if (stopping.aborted) return 1;
  const all = sum(tallies.map(([, tally]) => tally));
  const total = values.complete ? complete(all) : all;
  const lines = [
    ...tallies.map(([name, tally]) => `${name}: ${lineOf(tally)}`),
    ...missingLines(readFileSync(missing, 'utf8').split('\n')),
    lineOf(total),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function end(): Promise<void> {
  for (const jest of runs) jest.kill();
  endLeftovers();
  rmSync(scratch, { recursive: true, force: true });
  await environments.endAll();
}

await runProgram({ run, stop: end, kill: end });
