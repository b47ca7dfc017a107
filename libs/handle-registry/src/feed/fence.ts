/**
 * Rejects records of former owners of the partitions of a topic. Owner epochs increase along the log, so a record with a
 * lower owner epoch than an earlier one comes from an owner that has been succeeded.
 */
export class Fence {
  readonly #newest = new Map<number, { ownerEpoch: number; offset: number }>();

  /** Returns whether the record comes from the newest owner so far. Must be called once for each record, in order. */
  admits({ partition, offset }: { readonly partition: number; readonly offset: number }, ownerEpoch: number): boolean {
    const before = this.#newest.get(partition);
    // A lower offset means a new log, for example of a topic that was deleted and created again; its owner epochs start anew.
    const newest = before && before.offset <= offset ? before.ownerEpoch : 0;
    this.#newest.set(partition, { ownerEpoch: Math.max(newest, ownerEpoch), offset });
    return ownerEpoch >= newest;
  }

  newest(partition: number): number {
    return this.#newest.get(partition)?.ownerEpoch ?? 0;
  }
}
