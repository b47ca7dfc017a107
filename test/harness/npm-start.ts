import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, localFolder, root, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';

/** Runs `npm start` as a person does, and presses Ctrl-C; each name has its own data. */
export class NpmStart {
  readonly #name: string;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  /** Deletes the data of earlier runs with this name. */
  constructor(name: string, ...options: readonly string[]) {
    this.#name = name;
    this.#options = options;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #folder(): string {
    return join(localFolder, this.#name);
  }

  async start(): Promise<StackInfo> {
    const script = join(root, 'deploy/local/start.ts');
    const child = spawn(process.execPath, [script, '--name', this.#name, ...this.#options], {
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
    await waitFor('npm start to run', () => said.includes('Ctrl-C stops everything') || child.exitCode !== null, {
      withinMs: 90_000,
      lastSeen: () => said,
    });
    return JSON.parse(readFileSync(join(this.#folder, 'stack.json'), 'utf8')) as StackInfo;
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
