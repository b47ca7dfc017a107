import { Alerts } from '@pagebridge/contracts';
import type { Decision } from '../../domain/decision.ts';
import { waitingIn } from '../../domain/late-binding/history.ts';
import type { WaitingHandle } from '../../domain/late-binding/waiting-handles.ts';
import { clockMarginMs, retryMs } from './late-pager.ts';
import { LatePartition, type PlacedAlert } from './late-partition.ts';
import type { LateBindingParts } from './ports.ts';

/** Pages handles that become known within a time after their alert fired; see ADR 35. */
export class LateBinding {
  readonly #partitions = new Map<number, LatePartition>();

  constructor(private readonly its: LateBindingParts) {}

  /** How many handles wait here. */
  get size(): number {
    return [...this.#partitions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes partitions of the alerts over. What a former owner left to wait in them is read beside their first batches. */
  own(partitions: readonly number[]): void {
    if (this.its.windowMs === 0) return;
    this.disown(partitions);
    const owned = partitions.map((partition) => new LatePartition(Alerts.card.topic, partition, this.its));
    for (const one of owned) this.#partitions.set(one.partition, one);
    void this.#restore(owned);
  }

  disown(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.#partitions.get(partition)?.end();
      this.#partitions.delete(partition);
    }
  }

  /** Pages nothing more: what waits, also of alerts that are still being routed, is found in Kafka by who comes next. */
  stop(): void {
    for (const partition of this.#partitions.values()) partition.end();
  }

  /** Whoever writes what follows from a partition of the alerts does so here, one after the other. */
  inTurn<Result>(partition: number, work: () => Promise<Result>): Promise<Result> {
    return this.#partitions.get(partition)?.inTurn(work) ?? work();
  }

  /** Notes what was decided about an alert of a partition; answers the decisions as they are to be written. */
  note(partition: number, alert: PlacedAlert, decisions: readonly Decision[], now: Date): readonly Decision[] {
    return this.#partitions.get(partition)?.note(alert, decisions, now) ?? decisions;
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

  async #restore(owned: readonly LatePartition[]): Promise<void> {
    const { clock, notices } = this.its;
    for (;;) {
      const still = owned.filter(({ ended }) => !ended.aborted);
      if (still.length === 0) return;
      try {
        const found = await this.#found(still.map(({ partition }) => partition));
        await Promise.all(still.map((one) => one.restore(found.get(one.partition) ?? [])));
        return;
      } catch (error) {
        notices.delayed('what waits', error);
        await clock.sleep(retryMs);
      }
    }
  }

  async #found(partitions: readonly number[]): Promise<ReadonlyMap<number, readonly WaitingHandle[]>> {
    const { clock, history, windowMs } = this.its;
    const nowMs = clock.now().getTime();
    const found = new Map<number, WaitingHandle[]>(partitions.map((partition) => [partition, []]));
    await history.waiting(partitions, nowMs - windowMs - clockMarginMs, (partition, record) => {
      const handle = waitingIn(record, partition);
      if (handle && handle.untilMs > nowMs) found.get(partition)?.push(handle);
    });
    return found;
  }
}
