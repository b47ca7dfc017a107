import type { AlertTable } from './alert-table.ts';
import type { PartitionLost } from './partition-lost.ts';
import type { PendingOutcomes } from './pending-outcomes.ts';
import type { Persistence } from './persistence.ts';
import type { UnwritableAlerts } from './unwritable-alerts.ts';
import type { WriteLoop } from './write-loop.ts';

export interface DurabilityParts {
  readonly alerts: Pick<AlertTable, 'isDurable'>;
  readonly loop: Pick<WriteLoop<unknown>, 'written' | 'idle'>;
  readonly unwritable: Pick<UnwritableAlerts, 'heldBack' | 'refused'>;
  readonly outcomes: Pick<PendingOutcomes, 'publishedUpTo' | 'upTo' | 'idle'>;
  readonly persistence: Pick<Persistence, 'withTimeout'>;
  readonly writes: () => number;
}

/** Waits until Kafka holds what a partition decided. */
export class Durability {
  private lost: PartitionLost | undefined;

  constructor(private readonly its: DurabilityParts) {}

  /** Resolves once the ledger holds this alert as it is now; rejects with PartitionLost. */
  durable(key: string): Promise<unknown> {
    const pending = this.its.unwritable.heldBack.get(key);
    return pending ? pending.then(() => this.durable(key)) : this.written();
  }

  /**
   * The same, resolved with true; or with false where that takes longer than a page may hold a slot of its lane, or the
   * ledger does not take the alert as it is.
   */
  async durableInTime(key: string): Promise<boolean> {
    const { alerts, unwritable } = this.its;
    if (alerts.isDurable(key)) return true;
    return !unwritable.heldBack.has(key) && (await this.written(true)) && !unwritable.heldBack.has(key);
  }

  /**
   * The same for a batch of commands, whose offset is committed then. With `hasEvents` also its outcomes are published
   * that belong to no page. Rejects as `withTimeout` does: Kafka delivers the batch again, and it changes nothing twice.
   */
  batchDurable(hasEvents: boolean): Promise<void> {
    return this.its.persistence.withTimeout(this.batchWritten(hasEvents));
  }

  /** Resolves when everything is written and published, or the partition is lost. */
  async drained(): Promise<void> {
    const { loop, outcomes, unwritable, writes } = this.its;
    const { heldBack } = unwritable;
    while (!this.lost && (loop.idle || heldBack.size > 0 || outcomes.upTo < writes())) {
      await Promise.all([loop.idle, ...heldBack.values(), outcomes.idle()]);
    }
  }

  /** Rejects all later waits. */
  lose(error: PartitionLost): void {
    this.lost = error;
  }

  private async batchWritten(hasEvents: boolean): Promise<void> {
    const { outcomes, unwritable, writes } = this.its;
    let seen: number;
    do {
      seen = unwritable.refused;
      await Promise.all(unwritable.heldBack.values());
      await this.written();
    } while (unwritable.refused !== seen || unwritable.heldBack.size > 0);
    if (hasEvents) await outcomes.publishedUpTo(writes());
  }

  private written(isTimed = false): Promise<boolean> {
    return this.lost ? Promise.reject(this.lost) : this.its.loop.written(isTimed);
  }
}
