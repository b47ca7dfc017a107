import type { AlertState, PageState } from '@pagebridge/contracts';
import { restored } from '../domain/attempt.ts';
import { newWork } from '../domain/page.ts';
import type { Restored } from '../domain/reading.ts';
import type { Fact } from '../domain/report.ts';
import type { ShardParts } from './shard.ts';
import { Shard } from './shard.ts';

const confirmAfterMs = 10_000;
// A tombstone each: the rest of a surplus is forgotten in the next rounds.
const mostForgottenAtOnce = 5000;

export interface LedgerParts extends Omit<ShardParts, 'onWork'> {
  /** How much memory alerts at rest may take in all, roughly. */
  readonly restingBytes: number;
}

/** The partitions of the ledger that this process owns. Each is written by itself: what holds one up holds no other. */
export class Ledger {
  onWork: ShardParts['onWork'] = () => undefined;
  private readonly shards = new Map<number, Shard>();

  constructor(private readonly its: LedgerParts) {}

  shard(partition: number): Shard | undefined {
    return this.shards.get(partition);
  }

  get owned(): readonly Shard[] {
    return [...this.shards.values()];
  }

  /** Takes a partition over with what its ledger holds, and hands out what is to be done. */
  own(partition: number, generation: number, { alerts, resting, end }: Restored): Shard {
    this.disown(partition);
    const onWork = (shard: Shard, key: string, pages: readonly PageState[]) => this.onWork(shard, key, pages);
    const shard = new Shard(partition, generation, end, { ...this.its, onWork });
    this.shards.set(partition, shard);
    for (const { key, text, hasEnded } of resting) shard.resting.keepText(key, text, hasEnded);
    for (const [key, written] of alerts) {
      const state = restored(written, this.its.clock.now());
      shard.restore(key, state);
      const work = newWork(undefined, state);
      if (work.length > 0) this.onWork(shard, key, work);
    }
    return shard;
  }

  /** Forgets a partition. What was not written is for its next owner to redo; it reads the ledger as it stands. */
  disown(partition: number): void {
    this.shards.get(partition)?.lose();
    this.shards.delete(partition);
  }

  /** What an alert is from now on, undefined: forgotten; `facts` are told with it. Throws PartitionLost. */
  set(shard: Shard, key: string, state: AlertState | undefined, facts: readonly Fact[] = []): void {
    shard.set(key, state, facts);
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
   * Keeps the alerts at rest within their bound: beyond it, the org that holds most of a partition loses its oldest ended
   * ones, then its oldest open ones, whose pages a recovery then does not resolve. New pages are never refused for them.
   */
  forgetSurplus(): void {
    const { owned } = this;
    const { restingBytes, log, telemetry } = this.its;
    if (owned.reduce((sum, { resting }) => sum + resting.bytes, 0) <= restingBytes) return;
    for (const shard of owned) {
      const surplus = shard.resting.surplus(restingBytes / owned.length, mostForgottenAtOnce);
      if (!surplus) continue;
      const { sourceOrg, ended, open } = surplus;
      shard.forget(surplus);
      telemetry.forgotten(ended.length + open.length);
      log.warn(
        { partition: shard.partition, sourceOrg, ended: ended.length, open: open.length, restingBytes },
        'too many alerts at rest: the oldest of the org that has most are forgotten; raise RESTING_MIB, or reuse alert keys',
      );
    }
  }

  /** Resolves when nothing is left to be written. */
  async drained(): Promise<void> {
    await Promise.all(this.owned.map((shard) => shard.drained()));
  }
}
