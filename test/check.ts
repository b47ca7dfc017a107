import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Progress, root } from '@pagebridge/local-stack/base';

/*
 * npm run check: all that can be known without starting anything. Says of each check how long it took, and of one that
 * fails what it said. One after the other: each uses every core.
 */
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const unit = ['run-many', '-t', 'typecheck', '--output-style=static', '--parallel=2'];
const checks: readonly (readonly [title: string, command: string, args: readonly string[]])[] = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings', '.']],
  ['dependency boundaries', 'npm', ['run', '--silent', 'boundaries']],
  ['generated documents and contracts', 'npm', ['run', '--silent', 'generate', '--', '--check']],
  ['types', bin('nx'), unit],
  ['unit tests', bin('jest'), ['--selectProjects', 'unit']],
];

const env = {
  ...process.env,
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  FORCE_COLOR: '0',
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
for (const [title, command, args] of checks) {
  try {
    await progress.step(title, () => check(command, args));
  } catch (error) {
    failures.push(title);
    process.stderr.write(`${(error as Error).message}\n`);
  }
}
const took = `${((performance.now() - started) / 1000).toFixed(0)} s`;
process.stdout.write(failures.length === 0 ? `all good, ${took}\n` : `failed: ${failures.join(', ')} (${took})\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
