import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalProcess, Processes, ProcessSpec } from '@pagebridge/local-stack';

/** A process that must run all the time: restarted after each kill and each unexpected end. */
export class Member {
  readonly name: string;
  /** The reports of its unexpected ends. */
  readonly endReports: string[] = [];
  readonly #spec: ProcessSpec;
  readonly #processes: Processes;
  #running: LocalProcess | undefined;
  #starting: Promise<void> | undefined;
  #retired = false;

  constructor(processes: Processes, spec: ProcessSpec, running?: LocalProcess) {
    this.#processes = processes;
    this.#spec = spec;
    this.name = spec.name;
    if (running) this.#adopt(running);
  }

  get isUp(): boolean {
    return this.#running !== undefined && this.#starting === undefined;
  }

  /** Resolves once the process is ready, after as many starts as needed. */
  start(): Promise<void> {
    this.#starting ??= this.#startUntilReady().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Sends SIGKILL. Resolves once the process has ended; it is not restarted before `start`. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.crash();
  }

  signal(signal: NodeJS.Signals): void {
    this.#running?.signal(signal);
  }

  /** Marks the process as ended for good: its end is expected, and it is not restarted. */
  retire(): void {
    this.#retired = true;
  }

  async #startUntilReady(): Promise<void> {
    while (!this.#retired && !this.#running) {
      try {
        this.#adopt(await this.#processes.start(this.#spec));
      } catch (error) {
        // The process ended before it was ready, perhaps because a dependency is down: restart it, as an orchestrator would.
        if (this.#retired) return;
        this.endReports.push((error as Error).message);
        await sleep(1000);
      }
    }
  }

  #adopt(running: LocalProcess): void {
    this.#running = running;
    void running.ended.then(() => {
      if (running.stopping || this.#retired || this.#running !== running) return;
      this.#running = undefined;
      this.endReports.push(running.endReport());
      void this.start();
    });
  }
}
