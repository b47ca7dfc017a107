import { Injectable } from '@nestjs/common';
import { Directories, Handles, SyncRequests } from '@pagebridge/contracts';
import { RegistryFeed } from '@pagebridge/handle-registry';
import { type Assignment, TableView } from '@pagebridge/kafka';
import type { ConsumerTuning } from '@pagebridge/service';
import { OwnedDirectories } from '../application/owned-directories.ts';
import { OwnedPartitions } from '../application/owned-partitions.ts';

// The consumer retries while it owns the partition.
const catchUpWithinMs = 10_000;

/**
 * Derives from the consumer group which instance owns a directory: the owner of its partition of `sync-requests`.
 *
 * One topic decides, because the assigner of the group may give partition 3 of two topics to two members. Connections
 * are not consumed in the group: a new owner would resume at the committed offset and miss earlier records. So every
 * instance reads them as a table, and acts on those whose directory is in its partitions.
 */
@Injectable()
export class Ownership implements ConsumerTuning {
  private readonly claims = new Map<number, symbol>();
  private applied: Promise<void> = Promise.resolve();

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
    // The last owner may have written records that are not read here yet, for example if this process was frozen. A
    // sync now would find and publish the same differences again.
    const written = [Handles, Directories].map(({ card }) => ({ topic: card.topic, partition }));
    await this.tables.catchUp(written, AbortSignal.timeout(catchUpWithinMs));
    if (this.claims.get(partition) !== claim) return;
    // Kafka restarts the generations of a deleted group; records of former owners must not count as newer.
    this.partitions.own(partition, Math.max(generation, this.feed.newestEpoch(partition) + 1));
    await this.apply();
  };

  /** Called before the rebalance ends, because the next owner may already write. */
  readonly onDisowned = (assignments: readonly Assignment[]): void => {
    for (const { topic, partition } of assignments) {
      if (topic !== SyncRequests.card.topic) continue;
      this.claims.delete(partition);
      this.partitions.lose(partition);
    }
  };

  /** Called after the rebalance; stops the syncs of the lost partition. */
  readonly onRevoked = async (assignment: Assignment): Promise<void> => {
    this.onDisowned([assignment]);
    if (assignment.topic === SyncRequests.card.topic) await this.apply();
  };

  // Calls are serialized: each stops the syncs of lost partitions, and none starts a sync before those have ended.
  private apply(): Promise<void> {
    this.applied = this.applied
      // The caller of the previous call handles its error.
      .catch(() => undefined)
      .then(() => this.directories.own((directory) => this.partitions.owns(directory)));
    return this.applied;
  }
}
