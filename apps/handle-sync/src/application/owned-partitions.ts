/** The partition of the sync requests that decides who owns a directory; its teams stand in the one of the same number. */
export type PartitionOf = (directory: string) => number;

/**
 * Which partitions this process owns, in which generation; and with them the directories.
 *
 * `isMember`: no other process can own them, since this one was heard within the session timeout.
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

  /** In whose name may be written now; undefined where another process may be the owner. */
  writerOf(directory: string): { readonly partition: number; readonly generation: number } | undefined {
    const partition = this.partitionOf(directory);
    const generation = this.generations.get(partition);
    return generation === undefined || !this.isMember() ? undefined : { partition, generation };
  }
}
