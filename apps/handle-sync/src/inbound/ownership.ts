import { Injectable } from '@nestjs/common';
import { Directories, Handles, SyncRequests } from '@pagebridge/contracts';
import { RegistryFeed } from '@pagebridge/handle-registry';
import { type Assignment, TableView } from '@pagebridge/kafka';
import type { ConsumerTuning } from '@pagebridge/service';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { OwnedPartitions } from '../application/owned-partitions.ts';

// It is tried again, as long as the partitions are ours.
const catchUpWithinMs = 10_000;

/**
 * Lets the consumer group decide which instance keeps a directory: the owner of its partition of `sync-requests`.
 *
 * One topic decides, because the group's assigner may give partition 3 of two topics to two members. Connections are
 * not consumed in the group: a group resumes at its offset and would not see again what its last owner saw, so every
 * instance reads them as a table and acts on those whose directory falls into its partitions.
 */
@Injectable()
export class Ownership implements ConsumerTuning {
  private readonly claims = new Map<number, symbol>();
  private told: Promise<void> = Promise.resolve();

  constructor(
    private readonly partitions: OwnedPartitions,
    private readonly directories: OwnedDirectories,
    private readonly feed: RegistryFeed,
    private readonly tables: TableView,
  ) {}

  readonly onAssigned = async ({ topic, partition, generation }: Assignment): Promise<void> => {
    if (topic !== SyncRequests.card.topic) return;
    const claim = Symbol('claim');
    this.claims.set(partition, claim);
    // The last owner may have written what is not read here yet, as where this process was frozen: to look now would be to
    // find and tell the same differences again.
    const written = [Handles, Directories].map(({ card }) => ({ topic: card.topic, partition }));
    await this.tables.catchUp(written, AbortSignal.timeout(catchUpWithinMs));
    if (this.claims.get(partition) !== claim) return;
    // A group that was forgotten counts from the beginning: what its last owners wrote must not count as newer.
    this.partitions.take(partition, Math.max(generation, this.feed.newestGeneration(partition) + 1));
    await this.tell();
  };

  /** At once, before the rebalance is over: the next owner may be writing already. */
  readonly onDisowned = (assignments: readonly Assignment[]): void => {
    for (const { topic, partition } of assignments) {
      if (topic !== SyncRequests.card.topic) continue;
      this.claims.delete(partition);
      this.partitions.lose(partition);
    }
  };

  /** After the rebalance: what is under way for it ends. */
  readonly onRevoked = async (assignment: Assignment): Promise<void> => {
    this.onDisowned([assignment]);
    if (assignment.topic === SyncRequests.card.topic) await this.tell();
  };

  // One call after the other: each ends what is lost by then, and nothing of it begins anew before that has ended.
  private tell(): Promise<void> {
    this.told = this.told
      // Who asked for that one has its error.
      .catch(() => undefined)
      .then(() => this.directories.own((directory) => this.partitions.owns(directory)));
    return this.told;
  }
}
