import { parseArgs } from 'node:util';
import { build, Progress, runProgram } from '@pagebridge/local-stack/base';
import type { ChaosRun } from './run.ts';

/*
 * npm run chaos -- --seed N --minutes M [--rate alerts-per-second] [--only fault,…] [--mutant name]: faults, then an audit.
 * The last line on stdout is JSON. Exit code 0 only if nothing was lost, nobody was paged twice untold, and every alert's
 * events kept their order. See README.md.
 */
const progress = new Progress();
let chaos: ChaosRun | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '5' },
      rate: { type: 'string', default: '25' },
      only: { type: 'string' },
      mutant: { type: 'string' },
    },
  });
  const seed = numberIn('seed', values.seed);
  const minutes = numberIn('minutes', values.minutes);
  const alertsPerSecond = numberIn('rate', values.rate);
  await progress.step('building what has changed', build);
  // What follows imports what was just built.
  const [{ ChaosRun }, { mutantNamed }] = await Promise.all([import('./run.ts'), import('./mutants.ts')]);
  const { mutant, only } = values;
  const kinds = only?.split(',') ?? (mutant === undefined ? [] : mutantNamed(mutant).shownBy);
  const which = mutant === undefined ? {} : { mutant };
  chaos = new ChaosRun({ seed, minutes, alertsPerSecond, kinds, ...which }, progress);
  const code = await chaos.play(stopping);
  await progress.step('stopping everything', stop);
  return code;
}

function numberIn(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a number above 0, not ${text}`);
  return value;
}

const stop = async () => chaos?.stop();

await runProgram({ run, stop, kill: () => chaos?.kill() });
