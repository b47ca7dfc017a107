import type { Outcomes } from './outcomes.ts';
import type { PartitionLost } from './partition-lost.ts';
import type { Persistence } from './persistence.ts';
import type { UnwritableAlerts } from './unwritable-alerts.ts';
import type { WriteLoop } from './write-loop.ts';

export interface DurabilityParts {
  readonly loop: Pick<WriteLoop<unknown>, 'written' | 'idle'>;
  readonly unwritable: Pick<UnwritableAlerts, 'heldBack' | 'refused'>;
  readonly outcomes: Pick<Outcomes, 'reached' | 'upTo' | 'idle'>;
  readonly persistence: Pick<Persistence, 'impatiently'>;
  /** How many writes of the partition were begun. */
  readonly writes: () => number;
}

/** Who waits until Kafka holds what a partition decided. */
export class Durability {
  private lost: PartitionLost | undefined;

  constructor(private readonly its: DurabilityParts) {}

  /** Resolves once the ledger holds this alert as it is now; rejects with PartitionLost. */
  durable(key: string): Promise<unknown> {
    const burial = this.its.unwritable.heldBack.get(key);
    return burial ? burial.then(() => this.durable(key)) : this.written();
  }

  /** The same, resolved with true; with false where that takes longer than a page should hold a slot of its lane. */
  durableSoon(key: string): Promise<boolean> {
    return this.its.unwritable.heldBack.has(key) ? Promise.resolve(false) : this.written(true);
  }

  /**
   * The same for a batch of commands, whose offset is committed then: everything so far, and where it has outcomes that
   * leave no page (`hasFacts`), they are told. Rejects also as `impatiently` does: what the batch decided is found again
   * when it comes again.
   */
  taken(hasFacts: boolean): Promise<void> {
    return this.its.persistence.impatiently(this.dealtWith(hasFacts));
  }

  /** Resolves when nothing is left to be written and told, or the partition is lost. */
  async drained(): Promise<void> {
    const { loop, outcomes, unwritable, writes } = this.its;
    const { heldBack } = unwritable;
    while (!this.lost && (loop.idle || heldBack.size > 0 || outcomes.upTo < writes())) {
      await Promise.all([loop.idle, ...heldBack.values(), outcomes.idle()]);
    }
  }

  /** Whoever begins to wait now is rejected. */
  lose(error: PartitionLost): void {
    this.lost = error;
  }

  private async dealtWith(hasFacts: boolean): Promise<void> {
    const { outcomes, unwritable, writes } = this.its;
    let seen: number;
    do {
      seen = unwritable.refused;
      await Promise.all(unwritable.heldBack.values());
      await this.written();
    } while (unwritable.refused !== seen || unwritable.heldBack.size > 0);
    if (hasFacts) await outcomes.reached(writes());
  }

  private written(isImpatient = false): Promise<boolean> {
    return this.lost ? Promise.reject(this.lost) : this.its.loop.written(isImpatient);
  }
}
