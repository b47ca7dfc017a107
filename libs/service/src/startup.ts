import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Log } from '@pagebridge/vocabulary';
import { saysItsCause } from './end-process.ts';
import { Problem } from './problems/problem.ts';
import { serviceProblems } from './problems/service-problems.ts';
import { LOG } from './tokens.ts';

/** Returns whether a retry may succeed, since another process still has to create or start what the step needs. */
export type IsTransient = (error: unknown) => boolean;

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly isTransient: IsTransient;
}

const never: IsTransient = () => false;
const always: IsTransient = () => true;

const retryDelayMs = 1000;

/**
 * The steps to complete before the first record is consumed, in the order of their registration: connecting, reading tables.
 *
 * Meanwhile the process already answers its probes, and is not ready; while it waits for the steps that it can do without, it is.
 */
@Injectable()
export class Startup implements BeforeApplicationShutdown {
  private readonly steps: Step[] = [];
  private readonly laterSteps: Step[] = [];
  private state = 'not started';
  private isReady = false;
  private isStopping = false;
  private deadline = 0;

  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Adds a step; called in constructors. A step that rejects ends the process with its message, unless the error is transient. */
  before(name: string, run: () => Promise<void>, isTransient: IsTransient = never): void {
    this.steps.push({ name, run, isTransient });
  }

  /** Adds a step after all of `before`, for which readiness does not wait. It is retried after any error: callers are served meanwhile. */
  after(name: string, run: () => Promise<void>): void {
    this.laterSteps.push({ name, run, isTransient: always });
  }

  /** Runs all steps and retries transient errors, until readiness for at most `waitMs` altogether. */
  async run(waitMs = 0): Promise<void> {
    this.deadline = performance.now() + waitMs;
    for (const step of this.steps) await this.runStep(step);
    this.isReady = true;
    this.deadline = Number.POSITIVE_INFINITY;
    for (const step of this.laterSteps) await this.runStep(step);
    this.state = 'done';
  }

  health(): { started: boolean; ready: boolean; detail: string } {
    return { started: this.isReady, ready: this.isReady, detail: this.state };
  }

  /** A stop makes the running step fail, which then ends the start. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  private async runStep({ name, run, isTransient }: Step): Promise<void> {
    this.state = name;
    for (let logged = ''; ; await delay(retryDelayMs)) {
      try {
        return await run();
      } catch (error) {
        const mayWait = !this.isStopping && performance.now() + retryDelayMs <= this.deadline;
        if (!mayWait || !isTransient(error)) throw error;
        const { message } = error as Error;
        const bug = this.isReady && !saysItsCause(error) ? { error } : {};
        if (message !== logged) this.log.warn({ step: name, cause: message, ...bug }, 'startup step failed; retrying');
        logged = message;
        this.state = `${name}: ${message}`;
      }
    }
  }

  /** Throws a 503 problem until all steps are done: an answer from tables that are only half read would be wrong. */
  requireDone(): void {
    if (this.isReady) return;
    throw notReady(`its data from Kafka (${this.state})`);
  }
}

/** Returns the 503 problem of a route whose data, as in `its data from Kafka`, is not read yet. */
export const notReady = (data: string): Problem =>
  new Problem({
    ...serviceProblems['not-ready'],
    detail: `The service is still loading ${data}. Retry in a few seconds.`,
  });
