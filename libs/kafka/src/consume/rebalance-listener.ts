import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../driver/client.ts';
import type { Membership } from '../driver/group-member.ts';
import { partitionName } from '../driver/protocol/fetched-record.ts';
import type { KafkaSettings } from '../settings.ts';
import { Backoff } from './backoff.ts';
import type { BatchConsumerOptions } from './batch-consumer.ts';
import { type Assignment, OwnedPartitions } from './owned-partitions.ts';
import type { PausedPartitions } from './paused-partitions.ts';

export interface RebalanceListenerOptions
  extends Pick<BatchConsumerOptions, 'onAssigned' | 'onRevoked' | 'onDisowned'> {
  readonly onDropped: (assignment: Assignment) => void;
  readonly firstBackoffMs: number;
}

/** Calls the service for assigned and revoked partitions; an assigned one is not read before the service is ready for it. */
export class RebalanceListener {
  private readonly owned = new OwnedPartitions();
  private readonly told = new Map<string, Promise<void>>();
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
    const { revoked, assigned } = this.owned.join(membership);
    this.drop(revoked);
    this.paused.reapply();
    const { onAssigned } = this.options;
    if (!onAssigned) return;
    for (const each of assigned) {
      const endPause = this.paused.add(each.topic, each.partition, 'assigning');
      this.tell(each, async () => {
        if (await this.isPrepared(each, onAssigned)) endPause();
      });
    }
  }

  lost(): void {
    this.drop(this.owned.lose().revoked);
  }

  stop(): void {
    this.stopping = true;
  }

  private drop(revoked: readonly Assignment[]): void {
    if (revoked.length > 0) this.options.onDisowned?.(revoked);
    for (const each of revoked) {
      this.paused.forget(each.topic, each.partition);
      this.options.onDropped(each);
      this.tell(each, () => this.revoke(each));
    }
  }

  // Of one partition one change after the other, so that the service never restores what it is just giving up. A partition
  // that cannot be restored holds up no other.
  private tell(assignment: Assignment, change: () => Promise<void>): void {
    const name = partitionName(assignment);
    const told = (this.told.get(name) ?? Promise.resolve()).then(change);
    this.told.set(name, told);
    void told.then(() => this.told.get(name) === told && this.told.delete(name));
  }

  private async revoke(assignment: Assignment): Promise<void> {
    try {
      await this.options.onRevoked?.(assignment);
    } catch (error) {
      // Others own the partition already; only memory of the service is affected.
      this.settings.log.warn('onRevoked failed', { ...assignment, error: messageOf(error) });
    }
  }

  /** Tries until the service is ready for it; false where it is not ours any more by then. */
  private async isPrepared(
    assignment: Assignment,
    onAssigned: NonNullable<RebalanceListenerOptions['onAssigned']>,
  ): Promise<boolean> {
    const backoff = new Backoff(this.options.firstBackoffMs);
    while (this.owned.has(assignment) && !this.stopping) {
      try {
        await onAssigned(assignment);
        return true;
      } catch (error) {
        // Nothing of it has been read: the records wait in the topic.
        this.settings.log.warn('onAssigned failed, its partition waits', { ...assignment, error: messageOf(error) });
        await delay(backoff.next());
      }
    }
    return false;
  }
}
