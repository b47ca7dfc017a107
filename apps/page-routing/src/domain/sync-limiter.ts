/** Lets one request for a fresh look through per directory and gap; whoever could not send it gives the place back. */
export class SyncLimiter {
  readonly #lastMs = new Map<string, number>();

  constructor(private readonly gapMs: number) {}

  /** True for the first of a directory, and for the first after the gap. A clock set back does not block. */
  take(directory: string, now: Date): boolean {
    const nowMs = now.getTime();
    const since = nowMs - (this.#lastMs.get(directory) ?? Number.NEGATIVE_INFINITY);
    if (since >= 0 && since < this.gapMs) return false;
    this.#forget(nowMs);
    this.#lastMs.delete(directory);
    this.#lastMs.set(directory, nowMs);
    return true;
  }

  giveBack(directory: string): void {
    this.#lastMs.delete(directory);
  }

  // Entries stand in the order of their times, so the expired ones come first: cost is what is removed.
  #forget(nowMs: number): void {
    for (const [directory, lastMs] of this.#lastMs) {
      if (nowMs - lastMs < this.gapMs) return;
      this.#lastMs.delete(directory);
    }
  }
}
