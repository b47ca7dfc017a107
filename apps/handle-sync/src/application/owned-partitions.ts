/** Returns the partition of `sync-requests` and `handles` whose owner owns the directory. */
export type PartitionOf = (directory: string) => number;

/**
 * The partitions that this process owns, with their owner epochs, and thereby its directories.
 *
 * `isMember` returns whether the group saw this process within the session timeout, so that no other process owns them.
 */
export class OwnedPartitions {
  private readonly ownerEpochs = new Map<number, number>();

  constructor(
    private readonly partitionOf: PartitionOf,
    private readonly isMember: () => boolean,
  ) {}

  own(partition: number, ownerEpoch: number): void {
    this.ownerEpochs.set(partition, ownerEpoch);
  }

  lose(partition: number): void {
    this.ownerEpochs.delete(partition);
  }

  owns(directory: string): boolean {
    return this.ownerEpochs.has(this.partitionOf(directory));
  }

  /** Returns the partition and owner epoch for writing a directory; undefined if another process may own it. */
  writerOf(directory: string): { readonly partition: number; readonly ownerEpoch: number } | undefined {
    const partition = this.partitionOf(directory);
    const ownerEpoch = this.ownerEpochs.get(partition);
    return ownerEpoch === undefined || !this.isMember() ? undefined : { partition, ownerEpoch };
  }
}
