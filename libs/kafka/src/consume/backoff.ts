import { backoffMs } from '../driver/client.ts';

export const maxBackoffMs = 5000;

/** A wait that doubles with each consecutive failure, up to `maxBackoffMs`. */
export class Backoff {
  private failures = 0;

  constructor(private readonly firstMs: number) {}

  next(): number {
    this.failures += 1;
    return backoffMs(this.failures, this.firstMs, maxBackoffMs);
  }

  reset(): void {
    this.failures = 0;
  }
}
