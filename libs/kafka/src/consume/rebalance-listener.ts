import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../driver/client.ts';
import type { Membership } from '../driver/group-member.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
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

/** Reports assigned and revoked partitions to the service. A partition is paused until the service is ready for it. */
export class RebalanceListener {
  private readonly owned = new OwnedPartitions();
  private readonly pending = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly paused: PausedPartitions,
    private readonly options: RebalanceListenerOptions,
  ) {}

  get generation(): number {
    return this.owned.generation;
  }

  owns(of: TopicPartition): boolean {
    return this.owned.owns(of);
  }

  /** Returns how many partitions of a topic this member owns. */
  countOf(topic: string): number {
    return this.owned.all().filter((of) => of.topic === topic).length;
  }

  /** Must be called before the first fetch of the new membership. */
  joined(membership: Membership): void {
    const { revoked, assigned } = this.owned.join(membership);
    this.drop(revoked);
    this.paused.reapply();
    const { onAssigned } = this.options;
    if (!onAssigned) return;
    for (const each of assigned) {
      const endPause = this.paused.add(each.topic, each.partition, 'assigning');
      this.enqueue(each, async () => {
        if (await this.prepare(each, onAssigned)) endPause();
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
      this.enqueue(each, () => this.revoke(each));
    }
  }

  // The callbacks of one partition run one after the other, so that the service never restores a partition while it is
  // still giving it up. Partitions do not wait for each other.
  private enqueue(assignment: Assignment, callback: () => Promise<void>): void {
    const name = partitionName(assignment);
    const last = (this.pending.get(name) ?? Promise.resolve()).then(callback);
    this.pending.set(name, last);
    void last.then(() => this.pending.get(name) === last && this.pending.delete(name));
  }

  private async revoke(assignment: Assignment): Promise<void> {
    try {
      await this.options.onRevoked?.(assignment);
    } catch (error) {
      // Another member already owns the partition, so the error affects only the memory of this service.
      this.settings.log.warn('onRevoked callback failed', { ...assignment, error: messageOf(error) });
    }
  }

  /** Calls `onAssigned` until it succeeds. Returns false if the partition is lost or the consumer stops before that. */
  private async prepare(
    assignment: Assignment,
    onAssigned: NonNullable<RebalanceListenerOptions['onAssigned']>,
  ): Promise<boolean> {
    const backoff = new Backoff(this.options.firstBackoffMs);
    while (this.owned.has(assignment) && !this.stopping) {
      try {
        await onAssigned(assignment);
        return true;
      } catch (error) {
        // No record of the partition has been read: the records stay in the topic.
        this.settings.log.warn('onAssigned callback failed; retrying', { ...assignment, error: messageOf(error) });
        await delay(backoff.next());
      }
    }
    return false;
  }
}
