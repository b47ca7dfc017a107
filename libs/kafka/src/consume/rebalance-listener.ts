import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { Membership } from '../driver/group-member.ts';
import type { KafkaSettings } from '../settings.ts';
import { type Assignment, Ownership } from './owned-partitions.ts';
import type { Pauses } from './paused-partitions.ts';

export const maxBackoffMs = 5000;

export interface CustodyOptions {
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** Told at once, before the group settles: whoever works on these partitions stops here. */
  readonly onDisowned?: (assignments: readonly Assignment[]) => void;
  /** What is remembered of the partition `<topic>/<number>` has no meaning any more. */
  readonly onDropped: (partition: string) => void;
  readonly firstBackoffMs: number;
}

/** Tells the service of partitions gained and lost; a gained one is not read before the service is ready for it. */
export class Custody {
  private readonly ownership = new Ownership();
  private settling: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly pauses: Pauses,
    private readonly options: CustodyOptions,
  ) {}

  get generation(): number {
    return this.ownership.generation;
  }

  /** To be called before anything is fetched in the new membership. */
  joined(membership: Membership): void {
    const { revoked, assigned, change } = this.ownership.join(membership);
    this.drop(revoked);
    this.pauses.reapply();
    if (this.options.onAssigned)
      forEach(assigned, (topic, partition) => this.pauses.add(topic, partition, 'assigning'));
    this.settling = this.settling.then(() => this.settle(revoked, assigned, change));
  }

  /** The group was left. */
  lost(): void {
    const { revoked, change } = this.ownership.lose();
    this.drop(revoked);
    this.settling = this.settling.then(() => this.settle(revoked, [], change));
  }

  stop(): void {
    this.stopping = true;
  }

  private drop(revoked: readonly Assignment[]): void {
    if (revoked.length > 0) this.options.onDisowned?.(revoked);
    forEach(revoked, (topic, partition) => {
      this.pauses.forget(topic, partition);
      this.options.onDropped(`${topic}/${partition}`);
    });
  }

  // One change after the other, so that the service never restores a partition that it is just giving up.
  private async settle(revoked: readonly Assignment[], assigned: readonly Assignment[], change: number): Promise<void> {
    for (const assignment of revoked) {
      try {
        await this.options.onRevoked?.(assignment);
      } catch (error) {
        // The partitions belong to somebody else already; what the service still holds of them is its own to drop.
        this.settings.log.warn('onRevoked failed', { ...assignment, error: messageOf(error) });
      }
    }
    await Promise.all(assigned.map((assignment) => this.prepare(assignment, change)));
  }

  private async prepare(assignment: Assignment, change: number): Promise<void> {
    const { onAssigned, firstBackoffMs } = this.options;
    for (let attempt = 1; onAssigned; attempt++) {
      const partitions = this.ownership.stillOwned(assignment, change);
      if (partitions.length === 0 || this.stopping) return;
      try {
        await onAssigned({ ...assignment, partitions });
        break;
      } catch (error) {
        // Nothing of them has been read; it waits in the topic.
        this.settings.log.warn('onAssigned failed, its partitions wait', { ...assignment, error: messageOf(error) });
        await delay(backoffMs(attempt, firstBackoffMs, maxBackoffMs));
      }
    }
    const { topic } = assignment;
    for (const partition of this.ownership.stillOwned(assignment, change)) {
      this.pauses.remove(topic, partition, 'assigning');
    }
  }
}

function forEach(assignments: readonly Assignment[], act: (topic: string, partition: number) => void): void {
  for (const { topic, partitions } of assignments) for (const partition of partitions) act(topic, partition);
}
