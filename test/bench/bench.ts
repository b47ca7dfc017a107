import { build, Progress, runProgram } from '@pagebridge/local-stack/base';
import { benches } from './benches.ts';
import { type BenchOptions, benchOptionsOf, helpText } from './harness/arguments.ts';
import type { BenchRun } from './harness/bench-run.ts';

/*
 * npm run bench -- <name> [--quick] [--rounds N] [--profile]: measures, and prints one line of JSON last on stdout.
 * Exit code 0 means that everything was measured, not that a goal was met.
 */
const progress = new Progress();
let play: BenchRun | undefined;

async function run(): Promise<number> {
  const options = benchOptionsOf(process.argv.slice(2), Object.keys(benches));
  if (options) await measure(options);
  else process.stdout.write(helpText(Object.entries(benches).map(([name, { question }]) => [name, question])));
  return 0;
}

async function measure(options: BenchOptions): Promise<void> {
  await progress.step('building changed packages', build);
  // The following imports need the build.
  const { BenchRun } = await import('./harness/bench-run.ts');
  const bench = await benches[options.bench]?.load();
  if (!bench) throw new Error(`no benchmark ${options.bench}`);
  play = new BenchRun(bench, options, progress);
  await play.run();
  await progress.step('stopping everything', stop);
}

const stop = async () => play?.stop();

await runProgram({ run, stop, kill: () => play?.kill() });
