/** Returns the partition of `sync-requests` and `handles` whose owner owns the directory. */
export type PartitionOf = (directory: string) => number;

/**
 * The partitions that this process owns, with their generations, and thereby its directories.
 *
 * `isMember` returns whether the group saw this process within the session timeout, so that no other process owns them.
 */
export class OwnedPartitions {
  private readonly generations = new Map<number, number>();

  constructor(
    private readonly partitionOf: PartitionOf,
    private readonly isMember: () => boolean,
  ) {}

  take(partition: number, generation: number): void {
    this.generations.set(partition, generation);
  }

  lose(partition: number): void {
    this.generations.delete(partition);
  }

  owns(directory: string): boolean {
    return this.generations.has(this.partitionOf(directory));
  }

  /** Returns the partition and generation for writing a directory; undefined if another process may own it. */
  writerOf(directory: string): { readonly partition: number; readonly generation: number } | undefined {
    const partition = this.partitionOf(directory);
    const generation = this.generations.get(partition);
    return generation === undefined || !this.isMember() ? undefined : { partition, generation };
  }
}
