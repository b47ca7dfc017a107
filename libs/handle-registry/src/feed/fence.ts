/**
 * Keeps former owners of the partitions of a topic out: generations grow along the log, so whoever writes one lower than was
 * read before it has been succeeded, and may not know.
 */
export class Fence {
  readonly #newest = new Map<number, { generation: number; offset: number }>();

  /** Is the record of the newest owner so far? Each record is asked about once, in order. */
  admits({ partition, offset }: { readonly partition: number; readonly offset: number }, generation: number): boolean {
    const before = this.#newest.get(partition);
    // A log that begins anew, as a topic that was deleted and made again, has owners of its own.
    const newest = before && before.offset <= offset ? before.generation : 0;
    this.#newest.set(partition, { generation: Math.max(newest, generation), offset });
    return generation >= newest;
  }

  /** The highest generation read in a partition. */
  newest(partition: number): number {
    return this.#newest.get(partition)?.generation ?? 0;
  }
}
