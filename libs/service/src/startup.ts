import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '@pagebridge/vocabulary';
import { Problem } from './http/problem.ts';
import { LOG } from './tokens.ts';

/** Returns whether a retry may succeed, since another process still has to create or start what the step needs. */
export type IsTransient = (error: unknown) => boolean;

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly isTransient: IsTransient;
}

const retryDelayMs = 1000;

/**
 * The steps to complete before the first record is consumed, in the order of their registration: connecting, reading tables.
 *
 * Meanwhile the process already answers its probes, and is not ready.
 */
@Injectable()
export class Startup {
  private readonly steps: Step[] = [];
  private state = 'not started';

  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Adds a step; called in constructors. A step that rejects ends the process with its message, unless the error is transient. */
  before(name: string, run: () => Promise<void>, isTransient: IsTransient = () => false): void {
    this.steps.push({ name, run, isTransient });
  }

  /** Runs all steps and retries transient errors, for at most `waitMs` altogether. */
  async run(waitMs = 0): Promise<void> {
    const deadline = performance.now() + waitMs;
    for (const step of this.steps) await this.runStep(step, deadline);
    this.state = 'done';
  }

  health(): { started: boolean; ready: boolean; detail: string } {
    const isDone = this.state === 'done';
    return { started: isDone, ready: isDone, detail: this.state };
  }

  private async runStep({ name, run, isTransient }: Step, deadline: number): Promise<void> {
    this.state = name;
    for (let logged = ''; ; await delay(retryDelayMs)) {
      try {
        return await run();
      } catch (error) {
        if (!isTransient(error) || performance.now() + retryDelayMs > deadline) throw error;
        const { message } = error as Error;
        if (message !== logged) this.log.warn({ step: name }, `waiting: ${message}`);
        logged = message;
        this.state = `${name}: ${message}`;
      }
    }
  }

  /** Throws a 503 problem until all steps are done: an answer from tables that are only half read would be wrong. */
  requireDone(): void {
    if (this.state === 'done') return;
    throw new Problem({
      status: 503,
      code: 'not-ready',
      title: 'Not ready',
      detail: `The service is still reading its data from Kafka (${this.state}); retry in a moment.`,
    });
  }
}
