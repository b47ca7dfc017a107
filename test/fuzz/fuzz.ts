import { build, Progress, runProgram } from '@pagebridge/local-stack/base';
import { fuzzOptionsOf, help } from './options.ts';

/*
 * npm run fuzz -- --minutes M --seed N: arbitrary input for everything that reads external data. The last line on stdout
 * is JSON; the exit code is 0 only if no case broke a promise. See README.md.
 */
const progress = new Progress();
let stack: { readonly stop: () => Promise<void>; readonly kill: () => void } | undefined;
let meter: { readonly stop: () => void } | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  const options = fuzzOptionsOf(process.argv.slice(2));
  if (!options) {
    process.stdout.write(help);
    return 0;
  }
  await progress.step('building changed packages', build);
  // The following imports need the build.
  const { feed } = await import('./target.ts');
  const { decoders } = await import('./targets/index.ts');
  const { Meter } = await import('./cost/cost-targets.ts');
  const { costTargets } = await import('./cost/cost-targets.ts');
  const { FuzzedStack } = await import('./http/http-targets.ts');
  const { httpTargetNames } = await import('./http/http-targets.ts');
  const { seed, minutes, target = '', path } = options;
  const isWanted = (name: string) => name.includes(target);
  const http = new FuzzedStack(progress);
  stack = http;
  const measuring = new Meter();
  meter = measuring;
  const targets = [
    ...[...decoders(), ...costTargets(measuring)].filter(({ name }) => isWanted(name)),
    ...(httpTargetNames.some(isWanted) ? await http.start() : []).filter(({ name }) => isWanted(name)),
  ];
  if (targets.length === 0) throw new Error(`--target ${target} matches no target`);
  const say = (line: string) => progress.say(line);
  const fed = await feed(targets, { seed, forMs: minutes * 60_000, stopping, say, ...(path ? { path } : {}) });
  const complaints = http.complaints();
  for (const complaint of complaints) say(`FAILED ${complaint}`);
  const cases = Object.values(fed.targets).reduce((sum, each) => sum + each, 0);
  const failures = fed.found.length + complaints.length;
  await progress.step('stopping everything', stop);
  process.stdout.write(`${JSON.stringify({ seed, minutes, targets: fed.targets, cases, failures })}\n`);
  return failures === 0 ? 0 : 1;
}

async function stop(): Promise<void> {
  meter?.stop();
  await stack?.stop();
}

function kill(): void {
  meter?.stop();
  stack?.kill();
}

await runProgram({ run, stop, kill });
