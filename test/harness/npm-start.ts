import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, localFolder, root, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { CheckoutCopy } from './checkout-copy.ts';

/** Runs `npm start` as a person does, and presses Ctrl-C; each name has its own data. */
export class NpmStart {
  readonly #folder: string;
  readonly #infoFile: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  /** Deletes the data of earlier runs with this name. In a copy of the checkout, the stack has its usual name and files. */
  constructor(where: string | CheckoutCopy, ...options: readonly string[]) {
    const [name, checkout] = typeof where === 'string' ? [where, root] : [where.name, where.path];
    this.#folder = join(localFolder, name);
    this.#infoFile = checkout === root ? join(this.#folder, 'stack.json') : join(checkout, '.local/stack.json');
    const named = checkout === root ? ['--name', name] : [];
    this.#command = [join(checkout, 'deploy/local/start.ts'), ...named, ...options];
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Resolves once everything runs. `env` has further variables of the terminal. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<StackInfo> {
    const child = spawn(process.execPath, this.#command, {
      env: childEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
    await waitFor('npm start to run', () => said.includes('Ctrl-C stops everything') || child.exitCode !== null, {
      withinMs: 240_000,
      lastSeen: () => said,
    });
    return JSON.parse(readFileSync(this.#infoFile, 'utf8')) as StackInfo;
  }

  /** Resolves with the exit code, and the names of processes that are still running. */
  async ctrlC(): Promise<{ readonly code: number | null; readonly left: readonly string[] }> {
    const child = this.#child;
    if (child?.exitCode !== null) throw new Error(`npm start is not running, it ended with ${child?.exitCode}`);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, left: readdirSync(join(this.#folder, 'run')) };
  }

  /** Kills npm start like the kernel's OOM killer, which leaves its children running. Does nothing if it is not running. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}
