import type { Result } from '@pagebridge/destination';
import { systemClock } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';

export interface PaceSettings {
  /** How often a call is made at most when it fails for a reason that may pass; waiting for a rate limit is not counted. */
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly backoffMs: number;
}

/**
 * Makes the calls of one sync to one endpoint, at the pace that the destination allows.
 *
 * Repeats what may pass, waits out a rate limit before and after it is met, and hands every other answer on. Rejects with
 * the signal's reason when it is aborted; a call that is on its way then ends unheard.
 */
export class PacedCalls {
  private inFlight = 0;
  private openAt = 0;

  constructor(
    private readonly settings: PaceSettings,
    private readonly signal: AbortSignal,
    private readonly clock: Pick<Clock, 'elapsedMs' | 'sleep'> = systemClock,
  ) {}

  async call<T>(send: () => Promise<Result<T>>): Promise<Result<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.once(send);
      if (result.ok || result.failure.kind !== 'retry') return result;
      const { cause, retryAfterMs = 0 } = result.failure;
      if (cause === 'rate-limited') {
        attempt -= 1;
        this.close(Math.max(retryAfterMs, this.settings.backoffMs));
      } else {
        if (attempt >= this.settings.attempts) return result;
        const backoffMs = this.settings.backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random());
        await this.clock.sleep(Math.max(retryAfterMs, backoffMs), this.signal);
      }
    }
  }

  private async once<T>(send: () => Promise<Result<T>>): Promise<Result<T>> {
    await this.open();
    this.inFlight += 1;
    try {
      const result = await abortable(send(), this.signal);
      // What is on its way spends what remains, so the gate closes before the destination has to refuse.
      if (result.rateLimit && result.rateLimit.remaining < this.inFlight) this.close(result.rateLimit.resetMs);
      return result;
    } finally {
      this.inFlight -= 1;
    }
  }

  private async open(): Promise<void> {
    this.signal.throwIfAborted();
    while (this.openInMs > 0) await this.clock.sleep(this.openInMs, this.signal);
  }

  private get openInMs(): number {
    return this.openAt - this.clock.elapsedMs();
  }

  private close(ms: number): void {
    this.openAt = Math.max(this.openAt, this.clock.elapsedMs() + ms);
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    // A signal that is aborted already tells nobody any more.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
