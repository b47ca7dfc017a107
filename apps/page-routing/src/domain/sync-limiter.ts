/** Lets one wish for a sync through per connection and gap; whoever could not send it gives the place back. */
export class SyncLimiter {
  readonly #lastMs = new Map<string, number>();

  constructor(private readonly gapMs: number) {}

  /** True for the first of a connection, and for the first after the gap. A clock set back does not block. */
  take(connectionId: string, now: Date): boolean {
    const nowMs = now.getTime();
    const since = nowMs - (this.#lastMs.get(connectionId) ?? Number.NEGATIVE_INFINITY);
    if (since >= 0 && since < this.gapMs) return false;
    this.#forget(nowMs);
    this.#lastMs.delete(connectionId);
    this.#lastMs.set(connectionId, nowMs);
    return true;
  }

  giveBack(connectionId: string): void {
    this.#lastMs.delete(connectionId);
  }

  // Entries stand in the order of their times, so the expired ones come first: cost is what is removed.
  #forget(nowMs: number): void {
    for (const [id, lastMs] of this.#lastMs) {
      if (nowMs - lastMs < this.gapMs) return;
      this.#lastMs.delete(id);
    }
  }
}
