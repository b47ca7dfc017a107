import { waitingIn } from '../../domain/late-binding/history.ts';
import type { NewestHandles } from '../../domain/late-binding/newest-handles.ts';
import { clockMarginMs, retryMs } from './late-pager.ts';
import { LatePartition } from './late-partition.ts';
import type { LateBindingParts, TopicPartition } from './ports.ts';

/** Partitions of one topic of alerts. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Pages handles that become known within a time after their alert fired; see ADR 35. */
export class LateBinding {
  readonly #partitions = new Map<string, LatePartition>();
  #unrestored: LatePartition[] = [];
  #isRestoring = false;

  constructor(private readonly its: LateBindingParts) {}

  /** How many handles wait here. */
  get size(): number {
    return [...this.#partitions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes partitions of the alerts over. What a former owner left to wait in them is read beside their first batches. */
  own({ topic, partitions }: TopicPartitions): void {
    if (this.its.windowMs === 0) return;
    this.disown({ topic, partitions });
    const owned = partitions.map((partition) => new LatePartition(topic, partition, this.its));
    for (const one of owned) this.#partitions.set(nameOf(one), one);
    this.#unrestored.push(...owned);
    if (!this.#isRestoring) void this.#restoreAll();
  }

  disown({ topic, partitions }: TopicPartitions): void {
    for (const name of partitions.map((partition) => nameOf({ topic, partition }))) {
      this.#partitions.get(name)?.end();
      this.#partitions.delete(name);
    }
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
  async #restoreAll(): Promise<void> {
    this.#isRestoring = true;
    while (this.#unrestored.length > 0) await this.#restore(this.#unrestored.splice(0));
    this.#isRestoring = false;
  }

  async #restore(owned: readonly LatePartition[]): Promise<void> {
    const { clock, notices } = this.its;
    for (;;) {
      const still = owned.filter(({ ended }) => !ended.aborted);
      if (still.length === 0) return;
      try {
        const found = await this.#found(still);
        await Promise.all(still.map((one) => one.restore(found.get(nameOf(one))?.all ?? [])));
        return;
      } catch (error) {
        notices.delayed('what waits', error);
        await clock.sleep(retryMs);
      }
    }
  }

  async #found(owned: readonly LatePartition[]): Promise<ReadonlyMap<string, NewestHandles>> {
    const { clock, history, windowMs } = this.its;
    const nowMs = clock.now().getTime();
    const found = new Map(owned.map((one) => [nameOf(one), one.inheritance()]));
    const partitions = [...new Set(owned.map(({ partition }) => partition))];
    await history.waiting(partitions, nowMs - windowMs - clockMarginMs, (partition, record) => {
      const { alert } = record.data;
      const handles = alert && found.get(nameOf(alert));
      const handle = handles && waitingIn(record, partition);
      if (handle && handle.untilMs > nowMs) handles.add(handle);
    });
    return found;
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
