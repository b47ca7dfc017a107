import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '@pagebridge/vocabulary';
import { Problem } from './http/problem.ts';
import { LOG } from './tokens.ts';

/** Whether what a step misses may still come: another makes it, or starts it. */
export type MayCome = (error: unknown) => boolean;

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly mayCome: MayCome;
}

const againAfterMs = 1000;

/**
 * What must be done before the first record is consumed, in the order of registration: reading tables, connecting.
 *
 * The process already answers its probes meanwhile, as not ready.
 */
@Injectable()
export class Startup {
  private readonly steps: Step[] = [];
  private state = 'not started';

  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Called in constructors. A step that rejects ends the process with its message, unless what it misses may come. */
  before(name: string, run: () => Promise<void>, mayCome: MayCome = () => false): void {
    this.steps.push({ name, run, mayCome });
  }

  /** Waits in all so long for what may come. */
  async run(waitMs = 0): Promise<void> {
    const deadline = performance.now() + waitMs;
    for (const step of this.steps) await this.take(step, deadline);
    this.state = 'done';
  }

  health(): { started: boolean; ready: boolean; detail: string } {
    const isDone = this.state === 'done';
    return { started: isDone, ready: isDone, detail: this.state };
  }

  private async take({ name, run, mayCome }: Step, deadline: number): Promise<void> {
    this.state = name;
    for (let told = ''; ; await delay(againAfterMs)) {
      try {
        return await run();
      } catch (error) {
        if (!mayCome(error) || performance.now() + againAfterMs > deadline) throw error;
        const { message } = error as Error;
        if (message !== told) this.log.warn({ step: name }, `waiting: ${message}`);
        told = message;
        this.state = `${name}: ${message}`;
      }
    }
  }

  /** Throws a 503 problem until all is done: an answer from half of what is to be read would mislead. */
  requireDone(): void {
    if (this.state === 'done') return;
    throw new Problem({
      status: 503,
      code: 'not-ready',
      title: 'Not ready',
      detail: `What this answers from is still being read from Kafka (${this.state}); ask again in a moment.`,
    });
  }
}
