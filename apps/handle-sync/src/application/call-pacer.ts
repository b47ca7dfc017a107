import type { Result } from '@pagebridge/destination';
import type { Clock } from '@pagebridge/vocabulary';
import { Budget } from '../domain/budget.ts';

/** The endpoints for which a destination has separate rate limits. */
export const endpoints = ['teams', 'rules', 'keys'] as const;
export type Endpoint = (typeof endpoints)[number];

/**
 * How much of the rate limit a call may use: `idle` half and `pressing` four fifths, both spread over the window; `urgent`, for
 * a handle that somebody waits for, four fifths at once and before all other calls.
 */
export const urgencies = ['urgent', 'pressing', 'idle'] as const;
export type Urgency = (typeof urgencies)[number];

const shares: Readonly<Record<Urgency, number>> = { urgent: 0.8, pressing: 0.8, idle: 0.5 };

export interface PacerSettings {
  /** The number of concurrent calls to one destination org. */
  readonly concurrency: number;
  /** The maximum number of attempts of a call that fails temporarily. Refusals by a rate limit are not counted. */
  readonly attempts: number;
  /** The wait before the second attempt; doubles with each further attempt. */
  readonly backoffMs: number;
}

export interface CallMeter {
  called(endpoint: Endpoint, result: 'answered' | 'rate-limited' | 'failed'): void;
}

/** A call that is refused this often, or must wait longer than this, is returned as failed. */
const maxRefusals = 10;
const maxWaitMs = 2 * 60_000;

interface Waiter {
  readonly urgency: Urgency;
  readonly start: () => void;
}

/** Paces all calls to one destination org, of all its directories, within its rate limit and the configured concurrency. */
export class CallPacer {
  private readonly budgets: Readonly<Record<Endpoint, Budget>> = {
    teams: new Budget(),
    rules: new Budget(),
    keys: new Budget(),
  };
  private readonly waiters: Readonly<Record<Endpoint, Waiter[]>> = { teams: [], rules: [], keys: [] };
  private running = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly settings: PacerSettings,
    private readonly clock: Pick<Clock, 'elapsedMs' | 'after' | 'sleep'>,
    private readonly meter: CallMeter,
  ) {}

  /**
   * Makes a call when its turn comes. Retries temporary failures, waits for another turn after a refusal by a rate limit, and
   * returns every other result. Rejects with the signal's reason when the signal is aborted; the result of a call in flight is
   * then ignored.
   */
  async call<T>(
    endpoint: Endpoint,
    urgency: Urgency,
    signal: AbortSignal,
    send: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    let failures = 0;
    for (let refusals = 0; ; ) {
      await this.waitForTurn(endpoint, urgency, signal);
      const result = await this.callOnce(endpoint, signal, send);
      if (result.ok || result.failure.kind !== 'retry') return result;
      const { cause, retryAfterMs = 0 } = result.failure;
      if (cause === 'rate-limited') {
        refusals += 1;
        // Jitter, because all calls that were refused together would retry at the same moment.
        const pauseMs = (retryAfterMs || this.backoffMs(refusals)) * (1 + 0.1 * Math.random());
        this.budgets[endpoint].pause(pauseMs, this.clock.elapsedMs());
        if (refusals >= maxRefusals || retryAfterMs > maxWaitMs) return result;
      } else {
        failures += 1;
        if (failures >= this.settings.attempts || retryAfterMs > maxWaitMs) return result;
        await this.clock.sleep(Math.max(retryAfterMs, this.backoffMs(failures) * (0.5 + Math.random())), signal);
      }
    }
  }

  private backoffMs(failures: number): number {
    return Math.min(this.settings.backoffMs * 2 ** (failures - 1), maxWaitMs);
  }

  private async callOnce<T>(
    endpoint: Endpoint,
    signal: AbortSignal,
    send: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const budget = this.budgets[endpoint];
    let answer: Result<T> | undefined;
    try {
      signal.throwIfAborted();
      const result = await abortable(send(), signal);
      if (isAnswer(result)) answer = result;
      this.meter.called(endpoint, outcomeOf(result));
      return result;
    } finally {
      if (answer) budget.answered(answer.rateLimit, this.clock.elapsedMs());
      else budget.unanswered();
      this.running -= 1;
      this.pump();
    }
  }

  private waitForTurn(endpoint: Endpoint, urgency: Urgency, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const cancel = () => {
        const waiting = this.waiters[endpoint];
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        urgency,
        start: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.waiters[endpoint].push(waiter);
      this.pump();
    });
  }

  /** Starts the calls that may start now, and sets a timer for the next one. */
  private pump(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const endpoint of endpoints) next = Math.min(next, this.startWaiting(endpoint));
    if (this.running >= this.settings.concurrency || !Number.isFinite(next)) return;
    this.cancelTimer = this.clock.after(Math.max(1, next - this.clock.elapsedMs()), () => this.pump());
  }

  /** Returns when the next call may start; Infinity if it must wait for an answer or for a free slot. */
  private startWaiting(endpoint: Endpoint): number {
    const waiting = this.waiters[endpoint];
    for (;;) {
      const waiter = mostUrgent(waiting);
      if (!waiter || this.running >= this.settings.concurrency) return Number.POSITIVE_INFINITY;
      const { urgency } = waiter;
      const now = this.clock.elapsedMs();
      const budget = this.budgets[endpoint];
      const opensAt = budget.opensAt(shares[urgency], urgency === 'urgent', now);
      if (opensAt > now) return opensAt;
      waiting.splice(waiting.indexOf(waiter), 1);
      this.running += 1;
      budget.sent(now);
      waiter.start();
    }
  }
}

function mostUrgent(waiting: readonly Waiter[]): Waiter | undefined {
  for (const urgency of urgencies) {
    const waiter = waiting.find((one) => one.urgency === urgency);
    if (waiter) return waiter;
  }
  return undefined;
}

const isAnswer = <T>(result: Result<T>) => result.ok || result.failure.status !== undefined;

const outcomeOf = <T>(result: Result<T>) => {
  if (result.ok) return 'answered';
  return result.failure.cause === 'rate-limited' ? 'rate-limited' : 'failed';
};

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    // An aborted signal emits no further event.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
