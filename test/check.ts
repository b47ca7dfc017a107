import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build, commandLine, Progress, root } from '@pagebridge/local-stack/base';

const help = `npm run check: run all checks that need no running service

The command builds changed packages, then checks format, lint, types, dependency boundaries and unused code. In parallel, it
runs the unit tests, which also compare the generated files. It prints the duration of each check, and the output of failed
checks.

  --help  print this help
`;
commandLine(help, {});

const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const checks: readonly (readonly [title: string, command: string, args: readonly string[]])[] = [
  ['format and lint', bin('biome'), ['ci', '--colors=off', '--error-on-warnings', '.']],
  // Checks all packages as one program, so that each library is read once and not by every package that uses it.
  ['types', bin('tsc'), ['-p', '.']],
  ['types of the console', bin('tsc'), ['-p', 'apps/console']],
  ['dependency boundaries', bin('depcruise'), ['apps', 'libs', 'test', 'deploy']],
  ['unused code', bin('knip'), []],
];
const unitTests = ['unit tests', bin('jest'), ['--selectProjects', 'unit', '--silent']] as const;

const env = {
  ...process.env,
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  NO_COLOR: '1',
};

async function check(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => output.push(bytes));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(Buffer.concat(output).toString().trim());
}

const progress = new Progress();
const started = performance.now();
const failures: string[] = [];

async function report([title, command, args]: (typeof checks)[number]): Promise<void> {
  try {
    await progress.step(title, () => check(command, args));
  } catch (error) {
    failures.push(title);
    progress.say((error as Error).message);
  }
}

async function oneAfterTheOther(): Promise<void> {
  for (const each of checks) await report(each);
}

// The types of the console include those of its APIs, which the build generates.
await progress.step('building changed packages', build);
await Promise.all([report(unitTests), oneAfterTheOther()]);
const took = `${((performance.now() - started) / 1000).toFixed(0)} s`;
process.stdout.write(
  failures.length === 0 ? `all checks passed (${took})\n` : `failed: ${failures.join(', ')} (${took})\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
