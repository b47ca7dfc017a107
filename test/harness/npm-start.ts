import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { childEnvironment, localFolder, root, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';

/**
 * A copy of this checkout, with its build and a `.local` of its own.
 *
 * Documents name the files of the default `npm start`, so pasting them unchanged here would use and delete what a developer
 * has there. The data of the copy's `npm start` is in `.local/<name>` of this checkout, where the leftovers of a killed run
 * are found.
 */
export class CheckoutCopy {
  readonly path: string;

  constructor(readonly name: string) {
    this.path = join(localFolder, `${name}-checkout`);
    rmSync(this.path, { recursive: true, force: true });
    const apart = new Set(['.git', '.local', '.nx', 'node_modules']);
    for (const entry of readdirSync(root).filter((entry) => !apart.has(entry))) {
      cpSync(join(root, entry), join(this.path, entry), { recursive: true, verbatimSymlinks: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
    mkdirSync(join(this.path, '.local'));
    // What is expensive, and the reserved ports, are shared.
    for (const [own, theirs] of Object.entries({ start: name, jars: 'jars', ports: 'ports' })) {
      mkdirSync(join(localFolder, theirs), { recursive: true });
      symlinkSync(join(localFolder, theirs), join(this.path, '.local', own));
    }
  }
}

/** The ports of `npm start` that documents used to name. */
const usualPorts = [8080, 8081, 8082, 8083, 8085, 8086, 8087, 8088, 9080, 9081, 9082, 9083, 9084, 9087, 9088, 9092];

/** Takes the usual ports of `npm start`, so that it listens on others; a program that calls one of these gets no answer. */
export class TakenPorts {
  readonly #servers: Server[] = [];

  async take(): Promise<void> {
    for (const port of usualPorts) {
      const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
      // Another process may have it already, which is as good.
      await once(server, 'listening').then(
        () => this.#servers.push(server),
        () => undefined,
      );
    }
  }

  giveBack(): void {
    for (const server of this.#servers) server.close();
  }
}

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
    await waitFor('npm start to run', () => said.includes('Press Ctrl-C to stop') || child.exitCode !== null, {
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
