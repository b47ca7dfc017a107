/** Admits one sync request for each directory in a period. A caller that could not send its request gives the place back. */
export class SyncLimiter {
  readonly #lastMs = new Map<string, number>();

  constructor(private readonly gapMs: number) {}

  /** Returns whether a request for a directory is admitted now. A clock that was set back does not block. */
  acquire(directory: string, now: Date): boolean {
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

  // Entries are in the order of their times, so only the expired ones, which come first, are visited.
  #forget(nowMs: number): void {
    for (const [directory, lastMs] of this.#lastMs) {
      if (nowMs - lastMs < this.gapMs) return;
      this.#lastMs.delete(directory);
    }
  }
}
