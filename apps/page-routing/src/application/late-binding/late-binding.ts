import { waitingIn } from '../../domain/late-binding/history.ts';
import type { NewestHandles } from '../../domain/late-binding/newest-handles.ts';
import { clockMarginMs, retryMs } from './late-pager.ts';
import { LatePartition } from './late-partition.ts';
import type { LateBindingParts, TopicPartition } from './ports.ts';

/** Pages handles that become known within a time after their alert fired; see ADR 35. */
export class LateBinding {
  readonly #partitions = new Map<string, LatePartition>();
  /** By their number: what waits of all of them stands in one partition. */
  readonly #unrestored = new Map<number, LatePartition[]>();

  constructor(private readonly its: LateBindingParts) {}

  /** How many handles wait here. */
  get size(): number {
    return [...this.#partitions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes a partition of the alerts over. What a former owner left to wait in it is read beside its first batches. */
  own(of: TopicPartition): void {
    if (this.its.windowMs === 0) return;
    this.disown(of);
    const owned = new LatePartition(of.topic, of.partition, this.its);
    this.#partitions.set(nameOf(of), owned);
    const others = this.#unrestored.get(of.partition);
    if (others) others.push(owned);
    else void this.#restoreAll(of.partition, [owned]);
  }

  disown(of: TopicPartition): void {
    this.#partitions.get(nameOf(of))?.end();
    this.#partitions.delete(nameOf(of));
  }

  /** Pages nothing more: what waits, also of alerts that are still being routed, is found in Kafka by who comes next. */
  stop(): void {
    for (const partition of this.#partitions.values()) partition.end();
  }

  /** Whoever writes what follows from a partition of the alerts does so here, one after the other. */
  inTurn<Result>(of: TopicPartition, work: () => Promise<Result>): Promise<Result> {
    return this.#partitions.get(nameOf(of))?.inTurn(work) ?? work();
  }

  /** Where handles of the alerts of a partition wait; undefined where none do. */
  partitionOf(of: TopicPartition): Pick<LatePartition, 'note'> | undefined {
    return this.#partitions.get(nameOf(of));
  }

  /** There are teams of these names now, or may be. */
  teamsKnown(teamHandles: readonly string[]): void {
    for (const partition of this.#partitions.values()) {
      for (const teamHandle of teamHandles) partition.teamKnown(teamHandle);
    }
  }

  /** The connections or the settings of an org have changed. */
  orgChanged(sourceOrg: string): void {
    for (const partition of this.#partitions.values()) partition.orgChanged(sourceOrg);
  }

  // With a hundred topics, what is owned while the first is read is read at once.
  async #restoreAll(partition: number, unrestored: LatePartition[]): Promise<void> {
    this.#unrestored.set(partition, unrestored);
    while (unrestored.length > 0) await this.#restore(partition, unrestored.splice(0));
    this.#unrestored.delete(partition);
  }

  async #restore(partition: number, owned: readonly LatePartition[]): Promise<void> {
    const { clock, notices } = this.its;
    for (;;) {
      const still = owned.filter(({ ended }) => !ended.aborted);
      if (still.length === 0) return;
      try {
        const found = await this.#found(partition, still);
        await Promise.all(still.map((one) => one.restore(found.get(one.topic)?.all ?? [])));
        return;
      } catch (error) {
        notices.delayed('what waits', error);
        await clock.sleep(retryMs);
      }
    }
  }

  /** By topic. */
  async #found(partition: number, owned: readonly LatePartition[]): Promise<ReadonlyMap<string, NewestHandles>> {
    const { clock, history, windowMs } = this.its;
    const nowMs = clock.now().getTime();
    const found = new Map(owned.map((one) => [one.topic, one.inheritance()]));
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
