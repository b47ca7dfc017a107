import type { AlertTable } from './alert-table.ts';
import type { PendingOutcomes } from './pending-outcomes.ts';
import type { Persistence } from './persistence.ts';
import type { UnwritableAlerts } from './unwritable-alerts.ts';
import type { WriteLoop } from './write-loop.ts';

/** Waits until Kafka holds what a partition decided. */
export class Durability {
  constructor(
    private readonly alerts: AlertTable,
    private readonly loop: WriteLoop,
    private readonly unwritable: UnwritableAlerts,
    private readonly outcomes: PendingOutcomes,
    private readonly persistence: Persistence,
  ) {}

  /** Resolves once the ledger holds this alert as it is now; rejects with PartitionLost. */
  durable(key: string): Promise<unknown> {
    const pending = this.unwritable.heldBack.get(key);
    return pending ? pending.then(() => this.durable(key)) : this.loop.written();
  }

  /**
   * The same, resolved with true; or with false where that takes longer than a page may hold a slot of its lane, or the
   * ledger does not take the alert as it is.
   */
  async durableInTime(key: string): Promise<boolean> {
    if (this.alerts.isDurable(key)) return true;
    const { heldBack } = this.unwritable;
    return !heldBack.has(key) && (await this.loop.written(true)) && !heldBack.has(key);
  }

  /**
   * The same for a batch of commands, whose offset is committed then. With `hasEvents` also its outcomes are published
   * that belong to no page. Rejects as `withTimeout` does: Kafka delivers the batch again, and it changes nothing twice.
   */
  batchDurable(hasEvents: boolean): Promise<void> {
    return this.persistence.withTimeout(this.batchWritten(hasEvents));
  }

  /** Resolves when everything is written and published, or the partition is lost. */
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
