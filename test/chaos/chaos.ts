import { build, Progress, runProgram } from '@pagebridge/local-stack/base';
import { help, runsOf } from './options.ts';
import type { ChaosRun } from './run.ts';

/*
 * npm run chaos -- --seed N --minutes M: faults under load, then an audit. The last line on stdout is JSON. The exit code is 0
 * only if nothing was lost, every duplicate page is tagged, and every alert's events kept their order; with --hostile also
 * only if every hostile record is accounted for and healthy alerts were served in time. See README.md.
 */
const progress = new Progress();
let chaos: ChaosRun | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const runs = runsOf(process.argv.slice(2));
  if (!runs) {
    process.stdout.write(help);
    return 0;
  }
  await progress.step('building changed packages', build);
  // The following imports need the build.
  const { ChaosRun } = await import('./run.ts');
  let code = 0;
  for (const options of runs) {
    if (stopping.aborted) break;
    chaos = new ChaosRun(options, progress);
    code = Math.max(code, await chaos.play(stopping));
    await progress.step('stopping everything', end);
  }
  return code;
}

const end = async () => chaos?.kill();

await runProgram({ run, stop: end, kill: end });
