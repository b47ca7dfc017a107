import { restored } from '../../domain/attempts/attempt.ts';
import type { Forgotten, Restored } from '../../domain/ledger/reading.ts';
import type { RestingAlerts } from '../../domain/ledger/resting-alerts.ts';
import type { ShardParts } from './shard.ts';
import { Shard } from './shard.ts';

const confirmAfterMs = 10_000;
// A tombstone each: the rest of a surplus is forgotten in the next rounds.
const mostForgottenAtOnce = 5000;
const mostOrgsNamed = 10;

export interface LedgerParts extends ShardParts {
  /** How much memory alerts at rest may take in all, roughly. */
  readonly restingBytes: number;
}

/** The partitions of the ledger that this process owns. Each is written by itself: what holds one up holds no other. */
export class Ledger {
  private readonly shards = new Map<number, Shard>();
  /** What was forgotten while a partition was read, and still has a record in Kafka. */
  private readonly forgotten = new Map<number, readonly string[]>();

  constructor(private readonly its: LedgerParts) {}

  shard(partition: number): Shard | undefined {
    return this.shards.get(partition);
  }

  get owned(): readonly Shard[] {
    return [...this.shards.values()];
  }

  /** Takes a partition over with what its ledger holds, and hands out what is to be done. */
  own(partition: number, generation: number, { alerts, resting, forgotten, end }: Restored): Shard {
    this.disown(partition);
    const shard = new Shard(partition, generation, { resting, end }, this.its);
    this.shards.set(partition, shard);
    this.noteForgotten(partition, forgotten);
    for (const [key, written] of alerts) {
      const work = shard.restore(key, restored(written, this.its.clock.now()));
      if (work.length > 0) this.its.onWork(shard, key, work);
    }
    return shard;
  }

  /** Forgets a partition. What was not written is for its next owner to redo; it reads the ledger as it stands. */
  disown(partition: number): void {
    this.shards.get(partition)?.lose();
    this.shards.delete(partition);
    this.forgotten.delete(partition);
  }

  /**
   * Writes down that outcomes have been told, where no other write has done so since; after a crash they would only be
   * told again.
   */
  confirm(atLeastMs = confirmAfterMs): void {
    const before = this.its.clock.now().getTime() - atLeastMs;
    for (const shard of this.owned) shard.confirm(before);
  }

  /**
   * What a partition may keep at rest if all of them, with those that are being read, keep more than is allowed;
   * undefined: they do not.
   */
  readonly shareAtRest = (beingRead: readonly RestingAlerts[]): number | undefined => {
    const all = [...this.owned.map(({ resting }) => resting), ...beingRead];
    const { restingBytes } = this.its;
    return all.reduce((sum, { bytes }) => sum + bytes, 0) > restingBytes ? restingBytes / all.length : undefined;
  };

  /**
   * Keeps the alerts at rest within their bound: beyond it, the org that holds most of a partition loses its oldest ended
   * ones, then its oldest open ones, whose pages a recovery then does not resolve. New pages are never refused for them.
   */
  forgetSurplus(): void {
    this.forgetUnread();
    const share = this.shareAtRest([]);
    if (share === undefined) return;
    for (const shard of this.owned) {
      const surplus = shard.resting.surplus(share, mostForgottenAtOnce);
      if (!surplus) continue;
      const { sourceOrg, keys } = surplus;
      shard.forget(keys);
      this.tellForgotten(shard.partition, new Map([[sourceOrg, keys.length]]));
    }
  }

  /** Forgets in Kafka what had no room when it was read. */
  private forgetUnread(): void {
    for (const [partition, keys] of this.forgotten) {
      const shard = this.shards.get(partition);
      // It may be known again.
      shard?.forget(keys.slice(0, mostForgottenAtOnce).filter((key) => !shard.get(key)));
      const left = keys.slice(mostForgottenAtOnce);
      if (left.length > 0) this.forgotten.set(partition, left);
      else this.forgotten.delete(partition);
    }
  }

  private noteForgotten(partition: number, { keys, ofOrgs }: Forgotten): void {
    if (ofOrgs.size === 0) return;
    this.forgotten.set(partition, keys);
    this.tellForgotten(partition, ofOrgs);
  }

  private tellForgotten(partition: number, ofOrgs: ReadonlyMap<string, number>): void {
    const { restingBytes, log, telemetry } = this.its;
    const most = [...ofOrgs].toSorted(([, one], [, other]) => other - one);
    const alerts = most.reduce((sum, [, count]) => sum + count, 0);
    telemetry.forgotten(alerts);
    log.warn(
      { partition, alerts, sourceOrgs: Object.fromEntries(most.slice(0, mostOrgsNamed)), restingBytes },
      'too many alerts at rest: the oldest of the orgs that have most are forgotten; raise RESTING_MIB, or reuse alert keys',
    );
  }

  /** Resolves when nothing is left to be written. */
  async drained(): Promise<void> {
    await Promise.all(this.owned.map((shard) => shard.durability.drained()));
  }
}
