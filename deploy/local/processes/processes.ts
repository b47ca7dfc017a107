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
  /** Added to the few variables that every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Higher layers are stopped first. */
  readonly layer: number;
  /** Asked until it says yes. */
  readonly ready: () => Promise<boolean>;
  readonly readyWithinMs?: number;
  /** After this long a SIGTERM is followed by SIGKILL. */
  readonly stopWithinMs?: number;
}

// A child gets what a program needs to run, and nothing that happens to be set: no NODE_OPTIONS, no foreign keys.
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME', 'LOG_LEVEL', builtVariable];

export const childEnvironment = (own: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  // A service has three thousand modules: what was compiled once is not compiled at each start.
  NODE_COMPILE_CACHE: join(localFolder, 'compile-cache'),
  ...Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...own,
});

/** A child in a process group of its own, so that a Ctrl-C reaches it in our order and not by the terminal. */
export class LocalProcess {
  readonly spec: ProcessSpec;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves with how it ended, `exit code 1` or `SIGKILL`. */
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

  /** Sends a signal to the child and to whatever it started. */
  signal(signal: NodeJS.Signals): void {
    if (this.end !== undefined) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Ended between the check and the signal, which is what was wanted; its exit is being reported.
    }
  }

  /** SIGTERM, and SIGKILL for a child that takes too long. Resolves once it has ended. */
  async stop(): Promise<string> {
    this.stopping = true;
    this.signal('SIGTERM');
    const patience = AbortSignal.timeout(this.spec.stopWithinMs ?? 10_000);
    const impatient = () => this.signal('SIGKILL');
    patience.addEventListener('abort', impatient);
    const end = await this.ended;
    patience.removeEventListener('abort', impatient);
    forget(this.#folder, this.spec.name);
    return end;
  }

  /** kill -9, as a crash would have it. Resolves once it has ended. */
  async crash(): Promise<string> {
    this.stopping = true;
    this.signal('SIGKILL');
    return await this.ended;
  }

  /** How it ended and what it said last. */
  obituary(): string {
    const log = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd() : '';
    const last = log.split('\n').slice(-12).join('\n  | ');
    return `${this.spec.name} ended by itself (${this.end}); the end of ${this.logFile}:\n  | ${last}`;
  }
}

/** Says how a child is run otherwise, as in a container. */
export type Prepare = (spec: ProcessSpec) => ProcessSpec;

/** The children of one stack: started when ready, stopped in order, none left behind. */
export class Processes {
  /** Called when a child that was ready ends by itself. */
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

  /** In the order in which they were started. */
  get running(): readonly LocalProcess[] {
    return [...this.#running];
  }

  /** Starts a child and waits until it is ready; one that ends before is an error that shows its last log lines. */
  async start(spec: ProcessSpec): Promise<LocalProcess> {
    const running = await this.#spawn(spec);
    await this.untilReady(running);
    void running.ended.then(() => running.stopping || this.onUnexpectedEnd(running));
    return running;
  }

  /** Waits until a child says that it is ready: when it starts, and when it is frozen no more. */
  async untilReady(running: LocalProcess): Promise<void> {
    const { ready, readyWithinMs = 60_000 } = running.spec;
    const deadline = performance.now() + readyWithinMs;
    while (running.end === undefined) {
      if (await ready()) return;
      if (performance.now() > deadline) {
        await running.crash();
        throw new Error(`not ready within ${readyWithinMs} ms: ${running.obituary()}`);
      }
      await sleep(40);
    }
    throw new Error(`before it was ready, ${running.obituary()}`);
  }

  /** Runs a child to its end; any end but exit code 0 is an error that shows its last log lines. */
  async run(spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'>): Promise<void> {
    const running = await this.#spawn({ ...spec, layer: 0, ready: async () => true });
    const end = await running.ended;
    if (end !== 'exit code 0') throw new Error(running.obituary());
  }

  /** Stops everything, layer by layer. Resolves once all have ended. */
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
   * Ends everything at once: for a second Ctrl-C, for an exit that nobody foresaw, and for what a test needs no more.
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
    if (this.#closing) throw new Error(`${spec.name} is not started: everything is being stopped`);
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
    // Known before anything else can happen, so that no stop can miss it.
    const running = new LocalProcess(spec, child, this.#folder, logFile);
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return running;
  }
}
