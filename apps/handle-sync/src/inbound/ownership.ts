import { Injectable } from '@nestjs/common';
import { SyncRequests } from '@pagebridge/contracts';
import { type Assignment, partitionFor } from '@pagebridge/kafka';
import type { ConsumerTuning } from '@pagebridge/service';
import { SyncScheduler } from '../application/sync-scheduler.ts';

/**
 * Lets the consumer group decide which instance syncs a connection: the owner of its partition of `sync-requests`.
 *
 * One topic decides, because the group's assigner may give partition 3 of two topics to two members. Connections are
 * not consumed in the group: a group resumes at its offset and would not see again what its last owner saw, so every
 * instance reads them as a table and acts on those whose id falls into its partitions.
 */
@Injectable()
export class Ownership implements ConsumerTuning {
  private readonly partitions = new Set<number>();

  constructor(private readonly scheduler: SyncScheduler) {}

  readonly onAssigned = ({ topic, partitions }: Assignment): Promise<void> => {
    if (topic !== SyncRequests.card.topic) return Promise.resolve();
    for (const partition of partitions) this.partitions.add(partition);
    return this.tell();
  };

  readonly onRevoked = ({ topic, partitions }: Assignment): Promise<void> => {
    if (topic !== SyncRequests.card.topic) return Promise.resolve();
    for (const partition of partitions) this.partitions.delete(partition);
    return this.tell();
  };

  private tell(): Promise<void> {
    const mine = new Set(this.partitions);
    return this.scheduler.own((connectionId) => mine.has(partitionFor(connectionId, SyncRequests.card.partitions)));
  }
}
