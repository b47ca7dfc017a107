import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '@pagebridge/oncall-api';

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
        await sleep(Math.max(retryAfterMs, backoffMs), undefined, { signal: this.signal });
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
    for (let wait = this.openAt - Date.now(); wait > 0; wait = this.openAt - Date.now()) {
      await sleep(wait, undefined, { signal: this.signal });
    }
  }

  private close(ms: number): void {
    this.openAt = Math.max(this.openAt, Date.now() + ms);
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
