import { waitingIn } from '../../domain/deferred-paging/history.ts';
import type { NewestHandles } from '../../domain/deferred-paging/newest-handles.ts';
import { clockMarginMs, retryMs } from './late-pager.ts';
import { LatePartition } from './late-partition.ts';
import type { DeferredPagingParts, TopicPartition } from './ports.ts';

/** Pages unknown handles of alerts late if they become known in time; see ADR 35. */
export class DeferredPaging {
  readonly #partitions = new Map<string, LatePartition>();
  /** By number: the waiting handles of all partitions with one number are in one partition of the unrouted handles. */
  readonly #unrestored = new Map<number, LatePartition[]>();

  constructor(private readonly parts: DeferredPagingParts) {}

  /** The number of waiting handles in all partitions. */
  get size(): number {
    return [...this.#partitions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes over a partition. The waiting handles of its former owner are read while its first batches are routed. */
  own(topicPartition: TopicPartition): void {
    if (this.parts.windowMs === 0) return;
    this.disown(topicPartition);
    const owned = new LatePartition(topicPartition.topic, topicPartition.partition, this.parts);
    this.#partitions.set(nameOf(topicPartition), owned);
    const others = this.#unrestored.get(topicPartition.partition);
    if (others) others.push(owned);
    else void this.#restoreAll(topicPartition.partition, [owned]);
  }

  disown(topicPartition: TopicPartition): void {
    this.#partitions.get(nameOf(topicPartition))?.end();
    this.#partitions.delete(nameOf(topicPartition));
  }

  /** Ends all late paging. The next owner finds the waiting handles in Kafka, also those of alerts that are still being routed. */
  stop(): void {
    for (const partition of this.#partitions.values()) partition.end();
  }

  /** Runs work that writes the records of a partition, one piece of work after the other. */
  runExclusive<Result>(topicPartition: TopicPartition, work: () => Promise<Result>): Promise<Result> {
    return this.#partitions.get(nameOf(topicPartition))?.runExclusive(work) ?? work();
  }

  /** Returns a partition that this instance owns; undefined if it does not own it, or deferred paging is off. */
  partitionOf(topicPartition: TopicPartition): Pick<LatePartition, 'note'> | undefined {
    return this.#partitions.get(nameOf(topicPartition));
  }

  /** Checks the waiting handles that may mean one of these teams. */
  teamsKnown(teamHandles: readonly string[]): void {
    for (const partition of this.#partitions.values()) {
      for (const teamHandle of teamHandles) partition.teamKnown(teamHandle);
    }
  }

  /** Checks the waiting handles of an org whose connections or settings have changed. */
  orgChanged(sourceOrg: string): void {
    for (const partition of this.#partitions.values()) partition.orgChanged(sourceOrg);
  }

  // The partitions that are taken over during one reading are restored together by the next: there may be a hundred topics.
  async #restoreAll(partition: number, unrestored: LatePartition[]): Promise<void> {
    this.#unrestored.set(partition, unrestored);
    while (unrestored.length > 0) await this.#restore(partition, unrestored.splice(0));
    this.#unrestored.delete(partition);
  }

  async #restore(partition: number, owned: readonly LatePartition[]): Promise<void> {
    const { clock, notices } = this.parts;
    for (;;) {
      const still = owned.filter(({ ended }) => !ended.aborted);
      if (still.length === 0) return;
      try {
        const found = await this.#readWaiting(partition, still);
        await Promise.all(still.map((one) => one.restore(found.get(one.topic)?.all ?? [])));
        return;
      } catch (error) {
        notices.delayed('reading the waiting handles', error);
        await clock.sleep(retryMs);
      }
    }
  }

  /** Returns the waiting handles by alert topic. */
  async #readWaiting(partition: number, owned: readonly LatePartition[]): Promise<ReadonlyMap<string, NewestHandles>> {
    const { clock, history, windowMs } = this.parts;
    const nowMs = clock.now().getTime();
    const found = new Map(owned.map((one) => [one.topic, one.newestHandles()]));
    await history.waiting(partition, nowMs - windowMs - clockMarginMs, (record) => {
      const { alert } = record.data;
      const handles = alert && found.get(alert.topic);
      const handle = handles && waitingIn(record, partition);
      if (handle && handle.untilMs > nowMs) handles.add(handle);
    });
    return found;
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
