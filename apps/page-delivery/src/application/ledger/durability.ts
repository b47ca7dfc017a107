import type { AlertTable } from './alert-table.ts';
import type { PendingOutcomes } from './pending-outcomes.ts';
import type { Persistence } from './persistence.ts';
import type { UnwritableAlerts } from './unwritable-alerts.ts';
import type { WriteLoop } from './write-loop.ts';

/** Waits until Kafka holds the decisions of a partition. */
export class Durability {
  constructor(
    private readonly alerts: AlertTable,
    private readonly loop: WriteLoop,
    private readonly unwritable: UnwritableAlerts,
    private readonly outcomes: PendingOutcomes,
    private readonly persistence: Persistence,
  ) {}

  /** Resolves once the ledger holds the present state of an alert; rejects with PartitionLost. */
  durable(key: string): Promise<unknown> {
    const pending = this.unwritable.heldBack.get(key);
    return pending ? pending.then(() => this.durable(key)) : this.loop.written();
  }

  /**
   * Like `durable`, but resolves with false if the write takes longer than a page may hold a slot of its lane, or if
   * Kafka refuses the alert.
   */
  async durableInTime(key: string): Promise<boolean> {
    if (this.alerts.isDurable(key)) return true;
    const { heldBack } = this.unwritable;
    return !heldBack.has(key) && (await this.loop.written(true)) && !heldBack.has(key);
  }

  /**
   * Resolves once the ledger holds a batch of commands, and with `hasEvents` the outcomes without a page are published:
   * then the offset may be committed. Rejects as `withTimeout` does; the redelivered batch changes nothing twice.
   */
  batchDurable(hasEvents: boolean): Promise<void> {
    return this.persistence.withTimeout(this.batchWritten(hasEvents));
  }

  /** Resolves once everything is written and published, or the partition is lost. */
  async drained(): Promise<void> {
    const { loop, outcomes } = this;
    const { heldBack } = this.unwritable;
    while (loop.idle || outcomes.idle || heldBack.size > 0) {
      await Promise.all([loop.idle, outcomes.idle, ...heldBack.values()]);
    }
  }

  private async batchWritten(hasEvents: boolean): Promise<void> {
    const { unwritable } = this;
    let seen: number;
    do {
      seen = unwritable.refused;
      await Promise.all(unwritable.heldBack.values());
      await this.loop.written();
    } while (unwritable.refused !== seen || unwritable.heldBack.size > 0);
    if (hasEvents) await this.outcomes.allPublished();
  }
}
