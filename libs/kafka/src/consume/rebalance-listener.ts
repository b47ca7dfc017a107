import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { Membership } from '../driver/group-member.ts';
import type { KafkaSettings } from '../settings.ts';
import { type Assignment, OwnedPartitions } from './owned-partitions.ts';
import type { PausedPartitions } from './paused-partitions.ts';

export const maxBackoffMs = 5000;

export interface RebalanceListenerOptions {
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** Called at once, before the rebalance is over: stop all work on these partitions. */
  readonly onDisowned?: (assignments: readonly Assignment[]) => void;
  readonly onDropped: (partition: string) => void;
  readonly firstBackoffMs: number;
}

/** Calls the service for assigned and revoked partitions; an assigned one is not read before the service is ready for it. */
export class RebalanceListener {
  private readonly owned = new OwnedPartitions();
  private notifying: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly paused: PausedPartitions,
    private readonly options: RebalanceListenerOptions,
  ) {}

  get generation(): number {
    return this.owned.generation;
  }

  /** To be called before anything is fetched in the new membership. */
  joined(membership: Membership): void {
    const { revoked, assigned, change } = this.owned.join(membership);
    this.drop(revoked);
    this.paused.reapply();
    if (this.options.onAssigned)
      forEach(assigned, (topic, partition) => this.paused.add(topic, partition, 'assigning'));
    this.notifying = this.notifying.then(() => this.notify(revoked, assigned, change));
  }

  lost(): void {
    const { revoked, change } = this.owned.lose();
    this.drop(revoked);
    this.notifying = this.notifying.then(() => this.notify(revoked, [], change));
  }

  stop(): void {
    this.stopping = true;
  }

  private drop(revoked: readonly Assignment[]): void {
    if (revoked.length > 0) this.options.onDisowned?.(revoked);
    forEach(revoked, (topic, partition) => {
      this.paused.forget(topic, partition);
      this.options.onDropped(`${topic}/${partition}`);
    });
  }

  // One change after the other, so that the service never restores a partition that it is just giving up.
  private async notify(revoked: readonly Assignment[], assigned: readonly Assignment[], change: number): Promise<void> {
    for (const assignment of revoked) {
      try {
        await this.options.onRevoked?.(assignment);
      } catch (error) {
        // Others own the partitions already; only memory of the service is affected.
        this.settings.log.warn('onRevoked failed', { ...assignment, error: messageOf(error) });
      }
    }
    await Promise.all(assigned.map((assignment) => this.prepare(assignment, change)));
  }

  private async prepare(assignment: Assignment, change: number): Promise<void> {
    const { onAssigned, firstBackoffMs } = this.options;
    for (let attempt = 1; onAssigned; attempt++) {
      const partitions = this.owned.stillOwned(assignment, change);
      if (partitions.length === 0 || this.stopping) return;
      try {
        await onAssigned({ ...assignment, partitions });
        break;
      } catch (error) {
        // Nothing of them has been read: the records wait in the topic.
        this.settings.log.warn('onAssigned failed, its partitions wait', { ...assignment, error: messageOf(error) });
        await delay(backoffMs(attempt, firstBackoffMs, maxBackoffMs));
      }
    }
    const { topic } = assignment;
    for (const partition of this.owned.stillOwned(assignment, change)) {
      this.paused.remove(topic, partition, 'assigning');
    }
  }
}

function forEach(assignments: readonly Assignment[], act: (topic: string, partition: number) => void): void {
  for (const { topic, partitions } of assignments) for (const partition of partitions) act(topic, partition);
}
