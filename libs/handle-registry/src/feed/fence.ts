/**
 * Rejects records of former owners of the partitions of a topic. Generations increase along the log, so a record with a
 * lower generation than an earlier one comes from an owner that has been succeeded.
 */
export class Fence {
  readonly #newest = new Map<number, { generation: number; offset: number }>();

  /** Returns whether the record comes from the newest owner so far. Must be called once for each record, in order. */
  admits({ partition, offset }: { readonly partition: number; readonly offset: number }, generation: number): boolean {
    const before = this.#newest.get(partition);
    // A lower offset means a new log, for example of a topic that was deleted and created again; its generations start anew.
    const newest = before && before.offset <= offset ? before.generation : 0;
    this.#newest.set(partition, { generation: Math.max(newest, generation), offset });
    return generation >= newest;
  }

  newest(partition: number): number {
    return this.#newest.get(partition)?.generation ?? 0;
  }
}
