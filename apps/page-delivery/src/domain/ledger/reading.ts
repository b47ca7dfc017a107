import type { AlertState, OutcomeWatermark } from '@pagebridge/contracts';
import { allReported, isEnded } from '@pagebridge/page-ledger';
import { RestingAlerts } from './resting-alerts.ts';
import { isAtRest } from './retention.ts';

/** The position of a record of the ledger, and the owner and the write that it comes from. */
export interface Written {
  readonly offset: number;
  readonly generation: number;
  readonly write?: number | undefined;
  readonly watermark?: OutcomeWatermark | undefined;
}

interface Read extends Written {
  readonly state: AlertState;
}

/** The alerts that were read from a partition of the ledger. */
export interface Restored {
  readonly alerts: ReadonlyMap<string, AlertState>;
  readonly resting: RestingAlerts;
  readonly forgotten: Forgotten;
  /** The keys of the alerts whose record cannot be read: they stay as they are in the ledger. */
  readonly unreadable: ReadonlySet<string>;
  /** The offset before which every record has been read. */
  readonly end: number;
}

/** The alerts at rest that the ledger holds but that do not fit into memory. */
export interface Forgotten {
  readonly keys: readonly string[];
  readonly ofOrgs: ReadonlyMap<string, number>;
}

// Alerts are put to rest once this many are awake, or twice as many as stayed awake the last time.
const settleEvery = 100;
const maxForgottenAtOnce = 1000;
// The keys take memory too. The next owner reads, and forgets, the alerts beyond this number.
const maxForgottenKeys = 100_000;
// The latest of possibly millions of tombstones are enough: a late record of a stale owner arrives within its lease.
const maxTombstones = 10_000;

/**
 * Reads the ledger of one partition, oldest record first, and keeps the present state of each alert.
 *
 * Generations increase along the log. A record with a lower generation than an earlier record comes from a stale owner.
 * It is ignored if a newer owner wrote the same alert. Otherwise (compaction may have removed the newer record) it is
 * kept, since the page would be lost with the state; its pages become possible duplicates, since a newer owner may have
 * called the destination for them.
 *
 * The outcome watermark (`told` in the record) shows which outcomes are published. Alerts are put to rest as early as
 * possible, so that a new owner can read a partition with a million alerts.
 */
export class LedgerReading {
  readonly resting = new RestingAlerts();
  private awake = new Map<string, Read>();
  /** The generations of the latest tombstones, by key. */
  private readonly tombstones = new Map<string, number>();
  private readonly unreadable = new Set<string>();
  private readonly forgotten = { keys: [] as string[], ofOrgs: new Map<string, number>() };
  private settleAt = settleEvery;
  private newest = 0;
  private watermark: (OutcomeWatermark & { readonly generation: number }) | undefined;
  private lastOffset = -1;

  /** Adds the next record; `state` is undefined for a tombstone. */
  take(key: string, written: Written, state: AlertState | undefined): void {
    const { offset, generation, watermark } = written;
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    this.lastOffset = offset;
    if (isStale && this.lastWriterOf(key) > generation) return;
    if (watermark && !isStale) this.watermark = { ...watermark, generation };
    this.keep(key, written, isStale && state ? disputed(state) : state);
  }

  /** Adds a record that cannot be read. What it says replaces the former state of its alert, so that state is dropped. */
  takeUnreadable(key: string): void {
    this.awake.delete(key);
    this.resting.delete(key);
    this.unreadable.add(key);
  }

  /** Forgets the oldest alerts at rest of the largest orgs, until all alerts at rest take at most `bytes`. */
  forgetSurplus(bytes: number): void {
    const { resting, forgotten } = this;
    while (resting.bytes > bytes) {
      const surplus = resting.surplus(bytes, maxForgottenAtOnce);
      if (!surplus) return;
      const { sourceOrg, keys } = surplus;
      for (const key of keys) {
        resting.delete(key);
        if (forgotten.keys.length < maxForgottenKeys) forgotten.keys.push(key);
      }
      forgotten.ofOrgs.set(sourceOrg, (forgotten.ofOrgs.get(sourceOrg) ?? 0) + keys.length);
    }
  }

  restored(): Restored {
    this.settle();
    const alerts = new Map(Array.from(this.awake, ([key, { state }]) => [key, state]));
    const { resting, forgotten, unreadable } = this;
    return { alerts, resting, forgotten, unreadable, end: this.lastOffset + 1 };
  }

  private lastWriterOf(key: string): number {
    return (this.awake.get(key) ?? this.resting.get(key))?.generation ?? this.tombstones.get(key) ?? 0;
  }

  private keep(key: string, { offset, generation, write }: Written, state: AlertState | undefined): void {
    this.resting.delete(key);
    this.unreadable.delete(key);
    if (!state) {
      this.awake.delete(key);
      this.noteTombstone(key, generation);
      return;
    }
    this.awake.set(key, { offset, generation, write, state: { ...state, generation } });
    if (this.awake.size >= this.settleAt) this.settle();
  }

  private noteTombstone(key: string, generation: number): void {
    this.tombstones.delete(key);
    this.tombstones.set(key, generation);
    if (this.tombstones.size <= maxTombstones) return;
    const [oldest = key] = this.tombstones.keys();
    this.tombstones.delete(oldest);
  }

  /** Puts to rest all alerts that can be; the others are checked again later. */
  private settle(): void {
    const left = new Map<string, Read>();
    for (const [key, read] of this.awake) {
      const state = this.isPublished(read) ? allReported(read.state) : read.state;
      if (isAtRest(state)) this.resting.keep(key, state);
      else left.set(key, { ...read, state });
    }
    // A new map: clearing an old one would keep its entries alive for the garbage collector.
    this.awake = left;
    this.settleAt = Math.max(settleEvery, 2 * left.size);
  }

  private isPublished({ offset, generation, write = 0 }: Written): boolean {
    if (!this.watermark) return false;
    if (generation === this.watermark.generation) return write <= this.watermark.write;
    return generation < this.watermark.generation && offset < this.watermark.before;
  }

  /** Returns the generation of the next owner: that of its group, or a higher one if the group's counter was reset. */
  nextGeneration(groupGeneration: number): number {
    return Math.max(groupGeneration, this.newest + 1);
  }
}

const disputed = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    isEnded(page) || page.status === 'delivered' ? page : { ...page, possibleDuplicate: true },
  ),
});
