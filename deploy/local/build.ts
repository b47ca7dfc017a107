import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from './folder.ts';
import { Progress } from './progress.ts';

/** Set for programs that a test starts: everything is built already. */
export const builtVariable = 'PAGEBRIDGE_BUILT';

/** Builds every package through Nx, which skips unchanged ones. Throws with the output of a failed package. */
export async function build(): Promise<void> {
  // Nx also rewrites unchanged files from its cache: a service of another stack that starts then would find half a build.
  if (process.env[builtVariable]) return;
  const nx = join(root, 'node_modules', '.bin', 'nx');
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', NODE_OPTIONS: '' };
  const args = ['run-many', '-t', 'build', '--output-style=static'];
  const child = spawn(nx, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => output.push(bytes));
  const [code] = await once(child, 'close');
  const text = Buffer.concat(output).toString();
  mkdirSync(localFolder, { recursive: true });
  writeFileSync(join(localFolder, 'build.log'), text);
  if (code !== 0) throw new Error(`the build failed:\n${text.trim()}`);
}

if (import.meta.main) {
  try {
    await new Progress().step('building changed packages', build);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
