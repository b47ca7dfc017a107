import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtVariable } from '../build.ts';
import { localFolder, type StackFolder } from '../folder.ts';
import { forget, remember } from './leftovers.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the variables that every child inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Higher layers are stopped first. */
  readonly layer: number;
  /** Polled until it returns true. */
  readonly ready: () => Promise<boolean>;
  readonly readyWithinMs?: number;
  /** The time after SIGTERM until SIGKILL. */
  readonly stopWithinMs?: number;
}

// A child inherits only the variables that a program needs: no NODE_OPTIONS, no credentials of other programs.
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME', 'LOG_LEVEL', builtVariable];

export const childEnvironment = (own: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  // A service has three thousand modules; the cache avoids compiling them at each start.
  NODE_COMPILE_CACHE: join(localFolder, 'compile-cache'),
  ...Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...own,
});

/** A child in its own process group, so that a Ctrl-C of the terminal does not reach it, and we stop children in our order. */
export class LocalProcess {
  readonly spec: ProcessSpec;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves with the end of the process, `exit code 1` or `SIGKILL`. */
  readonly ended: Promise<string>;
  end: string | undefined;
  stopping = false;
  readonly #folder: StackFolder;

  constructor(spec: ProcessSpec, child: ChildProcess, folder: StackFolder, logFile: string) {
    this.spec = spec;
    this.pid = child.pid ?? 0;
    this.logFile = logFile;
    this.#folder = folder;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.end = signal ?? `exit code ${code}`;
        forget(folder, spec.name);
        resolve(this.end);
      });
    });
    remember(folder, spec.name, this.pid);
  }

  /** Sends a signal to the process group of the child. */
  signal(signal: NodeJS.Signals): void {
    if (this.end !== undefined) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The child ended between the check and the signal; its exit is reported already.
    }
  }

  /** Sends SIGTERM, and SIGKILL after `stopWithinMs`. Resolves once the child has ended. */
  async stop(): Promise<string> {
    this.stopping = true;
    this.signal('SIGTERM');
    // As in Kubernetes: a killed service would not leave its group, and a test of its exit code would fail.
    const timeout = AbortSignal.timeout(this.spec.stopWithinMs ?? 30_000);
    const kill = () => this.signal('SIGKILL');
    timeout.addEventListener('abort', kill);
    const end = await this.ended;
    timeout.removeEventListener('abort', kill);
    forget(this.#folder, this.spec.name);
    return end;
  }

  /** Sends SIGKILL, to simulate a crash. Resolves once the child has ended. */
  async crash(): Promise<string> {
    this.stopping = true;
    this.signal('SIGKILL');
    return await this.ended;
  }

  /** Returns a report of the end of the process, with its last log lines. */
  endReport(): string {
    const log = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd() : '';
    const last = log.split('\n').slice(-12).join('\n  | ');
    return `${this.spec.name} ended unexpectedly (${this.end}); the end of ${this.logFile}:\n  | ${last}`;
  }
}

/** Changes how a child is run, as in a container. */
export type Prepare = (spec: ProcessSpec) => ProcessSpec;

/** The children of one stack: awaited until they are ready, stopped in order, none left behind. */
export class Processes {
  /** Called when a child ends unexpectedly after it was ready. */
  onUnexpectedEnd: (ended: LocalProcess) => void = () => {};
  readonly #prepare: Prepare;
  readonly #folder: StackFolder;
  readonly #running = new Set<LocalProcess>();
  readonly #killAll = () => this.killAll();
  #closing = false;

  constructor(folder: StackFolder, prepare: Prepare = (spec) => spec) {
    this.#folder = folder;
    this.#prepare = prepare;
    process.on('exit', this.#killAll);
  }

  /** The children in the order of their start. */
  get running(): readonly LocalProcess[] {
    return [...this.#running];
  }

  /** Starts a child and waits until it is ready; throws with its last log lines if it ends before. */
  async start(spec: ProcessSpec): Promise<LocalProcess> {
    const running = await this.#spawn(spec);
    await this.untilReady(running);
    void running.ended.then(() => running.stopping || this.onUnexpectedEnd(running));
    return running;
  }

  /** Waits until a child is ready: after its start, and after it was frozen. */
  async untilReady(running: LocalProcess): Promise<void> {
    const { ready, readyWithinMs = 120_000 } = running.spec;
    const deadline = performance.now() + readyWithinMs;
    while (running.end === undefined) {
      if (await ready()) return;
      if (performance.now() > deadline) {
        await running.crash();
        throw new Error(`not ready within ${readyWithinMs} ms: ${running.endReport()}`);
      }
      await sleep(40);
    }
    throw new Error(`before it was ready: ${running.endReport()}`);
  }

  /** Runs a child to its end; throws with its last log lines unless the exit code is 0. */
  async run(spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'>): Promise<void> {
    const running = await this.#spawn({ ...spec, layer: 0, ready: async () => true });
    const end = await running.ended;
    if (end !== 'exit code 0') throw new Error(running.endReport());
  }

  /** Stops all children, layer by layer. Resolves once all have ended. */
  async stopAll(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) {
      const top = Math.max(...[...this.#running].map(({ spec }) => spec.layer));
      const layer = [...this.#running].filter(({ spec }) => spec.layer === top);
      for (const running of this.#running) running.stopping = true;
      await Promise.all(layer.map((running) => running.stop()));
    }
    process.off('exit', this.#killAll);
  }

  /**
   * Kills all children at once, for a second Ctrl-C, an unforeseen exit, or the end of a test.
   * Resolves once all have ended.
   */
  async killAll(): Promise<void> {
    this.#closing = true;
    const all = [...this.#running];
    for (const running of all) {
      running.stopping = true;
      running.signal('SIGKILL');
      forget(this.#folder, running.spec.name);
    }
    await Promise.all(all.map(({ ended }) => ended));
    process.off('exit', this.#killAll);
  }

  async #spawn(spec: ProcessSpec): Promise<LocalProcess> {
    if (this.#closing) throw new Error(`${spec.name} was not started because the stack is stopping`);
    const logFile = join(this.#folder.logs, `${spec.name}.log`);
    const log = openSync(logFile, 'a');
    const { command, args, env: own } = this.#prepare(spec);
    const env = childEnvironment(own);
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    if (child.pid === undefined) {
      const [cause] = (await once(child, 'error')) as [Error];
      throw new Error(`${spec.name}: cannot run ${spec.command}: ${cause.message}`, { cause });
    }
    // The child is registered before the next await, so that no stop can miss it.
    const running = new LocalProcess(spec, child, this.#folder, logFile);
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return running;
  }
}
