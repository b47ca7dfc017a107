import type { Result } from '@pagebridge/destination';
import type { Clock } from '@pagebridge/vocabulary';
import { Budget } from '../domain/budget.ts';

/** What the destination limits apart from each other. */
export const endpoints = ['teams', 'rules', 'keys'] as const;
export type Endpoint = (typeof endpoints)[number];

/**
 * How much a call may take of what the destination allows: `idle` half of it, `pressing` four fifths, both spread over
 * time; `urgent`, for a handle that somebody waits for, four fifths at once and before all others.
 */
export const urgencies = ['urgent', 'pressing', 'idle'] as const;
export type Urgency = (typeof urgencies)[number];

const shares: Readonly<Record<Urgency, number>> = { urgent: 0.8, pressing: 0.8, idle: 0.5 };

export interface PacerSettings {
  /** Calls at once to one destination org. */
  readonly concurrency: number;
  /** How often a call is made at most when it fails for a reason that may pass; waiting for a rate limit is not counted. */
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly backoffMs: number;
}

export interface CallMeter {
  called(endpoint: Endpoint, result: 'answered' | 'rate-limited' | 'failed'): void;
}

/** A call that is refused so often, or asked to wait so long, is given up: who waits for it is told, and may come back. */
const mostRefusals = 10;
const longestWaitMs = 2 * 60_000;

interface Waiter {
  readonly urgency: Urgency;
  readonly go: () => void;
}

/** All calls to one destination org, whichever directory they are for: at the pace and in the number that it allows. */
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
   * Makes a call when its turn comes; repeats what may pass, waits for its turn again after a refusal by a rate limit, and
   * hands every other answer on.
   *
   * Rejects with the signal's reason when it is aborted; a call that is on its way then ends unheard.
   */
  async call<T>(
    endpoint: Endpoint,
    urgency: Urgency,
    signal: AbortSignal,
    send: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    let failures = 0;
    for (let refusals = 0; ; ) {
      await this.turn(endpoint, urgency, signal);
      const result = await this.once(endpoint, signal, send);
      if (result.ok || result.failure.kind !== 'retry') return result;
      const { cause, retryAfterMs = 0 } = result.failure;
      if (cause === 'rate-limited') {
        refusals += 1;
        // With jitter: whoever else was refused comes back at the same moment.
        const pauseMs = (retryAfterMs || this.backoffMs(refusals)) * (1 + 0.1 * Math.random());
        this.budgets[endpoint].pause(pauseMs, this.clock.elapsedMs());
        if (refusals >= mostRefusals || retryAfterMs > longestWaitMs) return result;
      } else {
        failures += 1;
        if (failures >= this.settings.attempts || retryAfterMs > longestWaitMs) return result;
        await this.clock.sleep(Math.max(retryAfterMs, this.backoffMs(failures) * (0.5 + Math.random())), signal);
      }
    }
  }

  private backoffMs(failures: number): number {
    return Math.min(this.settings.backoffMs * 2 ** (failures - 1), longestWaitMs);
  }

  private async once<T>(endpoint: Endpoint, signal: AbortSignal, send: () => Promise<Result<T>>): Promise<Result<T>> {
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

  private turn(endpoint: Endpoint, urgency: Urgency, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        const waiting = this.waiters[endpoint];
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        urgency,
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiters[endpoint].push(waiter);
      this.pump();
    });
  }

  /** Lets go whoever may go now, and comes back for who may go next. */
  private pump(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const endpoint of endpoints) next = Math.min(next, this.letGo(endpoint));
    if (this.running >= this.settings.concurrency || !Number.isFinite(next)) return;
    this.cancelTimer = this.clock.after(Math.max(1, next - this.clock.elapsedMs()), () => this.pump());
  }

  /** Answers when the next one may go; Infinity where an answer, or a free place, must come first. */
  private letGo(endpoint: Endpoint): number {
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
      waiter.go();
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
    // A signal that is aborted already tells nobody any more.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
