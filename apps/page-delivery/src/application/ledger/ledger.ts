import { PageCommands } from '@pagebridge/contracts';
import type { Admission, Forgotten, IdleAlerts, Restored } from '@pagebridge/page-lifecycle';
import { LedgerPartition } from './ledger-partition.ts';
import type { LedgerPartitionParts } from './ledger-partition-parts.ts';
import { WaitingTotals } from './waiting-totals.ts';

const confirmAfterMs = 10_000;
// Each costs a tombstone. The next sweep forgets the rest.
const maxForgottenAtOnce = 5000;
const maxOrgsNamed = 10;

export interface LedgerParts extends Omit<LedgerPartitionParts, 'waiting'> {
  /** The maximum memory for alerts without waiting pages, estimated. */
  readonly idleBytes: number;
  /** The memory for alerts with waiting pages, estimated, if this process owns all partitions. Floods may double it. */
  readonly waitingBytes: number;
}

/** The ledger partitions that this process owns. Each has its own write loop, so that none waits for another. */
export class Ledger {
  private readonly partitions = new Map<number, LedgerPartition>();
  /** Those that are owned, and those that are still being read. */
  private readonly assigned = new Set<number>();
  /** The keys that did not fit into memory when a partition was read, and still have a record in Kafka. */
  private readonly forgotten = new Map<number, readonly string[]>();
  private readonly waiting = new WaitingTotals();

  constructor(private readonly deps: LedgerParts) {}

  partition(partition: number): LedgerPartition | undefined {
    return this.partitions.get(partition);
  }

  get owned(): readonly LedgerPartition[] {
    return [...this.partitions.values()];
  }

  get waitingPages(): number {
    return this.waiting.total;
  }

  /** Returns what decides whether an alert takes further commands, beside its own state. */
  admissionOf(ledgerPartition: LedgerPartition, key: string, sourceOrg: string): Admission {
    // All instances together hold no more than one may, since one may have to take over the partitions of all.
    const mostBytes = (this.deps.waitingBytes * this.assigned.size) / PageCommands.card.partitions;
    return { obstacle: ledgerPartition.obstacleOf(key), waiting: { ...this.waiting.of(sourceOrg), mostBytes } };
  }

  /** Counts a partition whose ledger is being read: its share of waiting pages is that of this instance already. */
  assign(partition: number): void {
    this.assigned.add(partition);
  }

  unassign(partition: number): void {
    this.assigned.delete(partition);
  }

  own(partition: number, ownerEpoch: number, { alerts, forgotten, ...restored }: Restored): LedgerPartition {
    const ledgerPartition = new LedgerPartition(partition, ownerEpoch, restored, {
      ...this.deps,
      waiting: this.waiting,
    });
    this.partitions.set(partition, ledgerPartition);
    this.assign(partition);
    this.noteForgotten(partition, forgotten);
    ledgerPartition.restore(alerts);
    return ledgerPartition;
  }

  /** Drops a partition: its next owner repeats what was not written. */
  disown(partition: number): void {
    this.partitions.get(partition)?.lose();
    this.partitions.delete(partition);
    this.unassign(partition);
    this.forgotten.delete(partition);
  }

  /** Writes the outcome watermark where no other write has recorded it, so that a crash does not repeat outcomes. */
  confirm(atLeastMs = confirmAfterMs): void {
    const before = this.deps.clock.now().getTime() - atLeastMs;
    for (const ledgerPartition of this.owned) ledgerPartition.confirm(before);
  }

  /** Returns the bytes of idle alerts that each partition, owned or being read, may keep; undefined below the total bound. */
  readonly idleShare = (beingRead: readonly IdleAlerts[]): number | undefined => {
    const all = [...this.owned.map(({ alerts }) => alerts.idle), ...beingRead];
    const { idleBytes } = this.deps;
    return all.reduce((sum, { bytes }) => sum + bytes, 0) > idleBytes ? idleBytes / all.length : undefined;
  };

  /**
   * Keeps the idle alerts within their bound: in each partition, the org that uses most memory loses its oldest
   * ended alerts, then its oldest open ones, whose pages a recovery no longer resolves. New pages are never refused.
   */
  forgetSurplus(): void {
    this.forgetUnread();
    const share = this.idleShare([]);
    if (share === undefined) return;
    for (const ledgerPartition of this.owned) {
      const surplus = ledgerPartition.alerts.idle.surplus(share, maxForgottenAtOnce);
      if (!surplus) continue;
      const { sourceOrg, keys } = surplus;
      ledgerPartition.forget(keys);
      this.reportForgotten(ledgerPartition.partition, new Map([[sourceOrg, keys.length]]));
    }
  }

  /** Deletes from Kafka the alerts that did not fit into memory when their partition was read. */
  private forgetUnread(): void {
    for (const [partition, keys] of this.forgotten) {
      const ledgerPartition = this.partitions.get(partition);
      // A later command may have created the alert again.
      const unused = (key: string) => !ledgerPartition?.get(key) && !ledgerPartition?.obstacleOf(key);
      ledgerPartition?.forget(keys.slice(0, maxForgottenAtOnce).filter(unused));
      const left = keys.slice(maxForgottenAtOnce);
      if (left.length > 0) this.forgotten.set(partition, left);
      else this.forgotten.delete(partition);
    }
  }

  private noteForgotten(partition: number, { keys, ofOrgs }: Forgotten): void {
    if (ofOrgs.size === 0) return;
    this.forgotten.set(partition, keys);
    this.reportForgotten(partition, ofOrgs);
  }

  private reportForgotten(partition: number, ofOrgs: ReadonlyMap<string, number>): void {
    const { idleBytes, log, metrics } = this.deps;
    const sorted = [...ofOrgs].toSorted(([, one], [, other]) => other - one);
    const alerts = sorted.reduce((sum, [, count]) => sum + count, 0);
    metrics.forgotten(alerts);
    const sourceOrgs = Object.fromEntries(sorted.slice(0, maxOrgsNamed));
    const cure = 'Increase IDLE_ALERTS_MIB, or reuse alert keys.';
    log.warn({ partition, alerts, sourceOrgs, idleBytes, cure }, 'idle alert limit reached; oldest alerts dropped');
  }

  async drained(): Promise<void> {
    await Promise.all(this.owned.map((ledgerPartition) => ledgerPartition.drained()));
  }
}
