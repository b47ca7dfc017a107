import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalProcess, Processes, ProcessSpec } from '@pagebridge/local-stack';

/** A process that is to run all the time: started again after each kill and after each end that nobody wished for. */
export class Member {
  readonly name: string;
  /** How often it ended by itself, and what it said then. */
  readonly obituaries: string[] = [];
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

  /** Resolves once it is ready, however often it has to be started for that. */
  start(): Promise<void> {
    this.#starting ??= this.#startUntilReady().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** kill -9. Resolves once it is gone; it is not started again before `start`. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.crash();
  }

  signal(signal: NodeJS.Signals): void {
    this.#running?.signal(signal);
  }

  /** From now on its end is no news, and it stays ended. */
  retire(): void {
    this.#retired = true;
  }

  async #startUntilReady(): Promise<void> {
    while (!this.#retired && !this.#running) {
      try {
        this.#adopt(await this.#processes.start({ ...this.#spec, readyWithinMs: 120_000 }));
      } catch (error) {
        // It ended before it was ready, perhaps since what it needs is down: as an orchestrator would, once more.
        if (this.#retired) return;
        this.obituaries.push((error as Error).message);
        await sleep(1000);
      }
    }
  }

  #adopt(running: LocalProcess): void {
    this.#running = running;
    void running.ended.then(() => {
      if (running.stopping || this.#retired || this.#running !== running) return;
      this.#running = undefined;
      this.obituaries.push(running.endReport());
      void this.start();
    });
  }
}
