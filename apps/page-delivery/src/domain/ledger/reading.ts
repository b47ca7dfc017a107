import type { AlertState, OutcomeWatermark } from '@pagebridge/contracts';
import { allReported } from '../outcomes.ts';
import { isEnded } from '../page.ts';
import { RestingAlerts } from './resting-alerts.ts';
import { isAtRest } from './retention.ts';

/** The offset of a record, and who wrote it. */
export interface Written {
  readonly offset: number;
  readonly generation: number;
  readonly write?: number | undefined;
  readonly watermark?: OutcomeWatermark | undefined;
}

interface Read extends Written {
  readonly state: AlertState;
}

/** The ledger of a partition. */
export interface Restored {
  readonly alerts: ReadonlyMap<string, AlertState>;
  readonly resting: RestingAlerts;
  readonly forgotten: Forgotten;
  /** Everything before this offset has been read. */
  readonly end: number;
}

/** Alerts at rest that the ledger holds and memory has no room for. */
export interface Forgotten {
  readonly keys: readonly string[];
  readonly ofOrgs: ReadonlyMap<string, number>;
}

// Alerts are put to rest after so many, or after twice as many as were left the last time.
const settleEvery = 100;
const mostForgottenAtOnce = 1000;
// The keys alone take memory too. The next owner reads and forgets what the ledger holds beyond them.
const mostForgottenKeys = 100_000;
// Tombstones stay for a day, and may be millions. A late record of a former owner comes within its lease.
const mostGone = 10_000;

/**
 * Reads the ledger of one partition, oldest record first, into its present states.
 *
 * Generations grow along the log. A record of an older generation than one before it comes from an owner that had lost
 * the partition: it is ignored where a newer owner wrote the same alert. Otherwise (compaction may have removed the newer
 * record) it is kept, since losing the state would lose the page; its pages count as possible duplicates, since a newer
 * owner may have called for them.
 *
 * The outcome watermark (`told` in the record) says which outcomes are published. An alert is put to rest as soon as it
 * can be, so that a partition with a million alerts can be taken over.
 */
export class LedgerReading {
  readonly resting = new RestingAlerts();
  private awake = new Map<string, Read>();
  /** The generations that forgot the alerts that went last. */
  private readonly gone = new Map<string, number>();
  private readonly forgotten = { keys: [] as string[], ofOrgs: new Map<string, number>() };
  private settleAt = settleEvery;
  private newest = 0;
  private watermark: (OutcomeWatermark & { readonly generation: number }) | undefined;
  private lastOffset = -1;

  /** `state` undefined: the alert was forgotten. */
  take(key: string, written: Written, state: AlertState | undefined): void {
    const { offset, generation, watermark } = written;
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    this.lastOffset = offset;
    if (isStale && this.lastWriterOf(key) > generation) return;
    if (watermark && !isStale) this.watermark = { ...watermark, generation };
    this.keep(key, written, isStale && state ? disputed(state) : state);
  }

  /** Forgets the oldest alerts at rest of the orgs that hold most, until all take no more than `bytes`. */
  forgetSurplus(bytes: number): void {
    const { resting, forgotten } = this;
    while (resting.bytes > bytes) {
      const surplus = resting.surplus(bytes, mostForgottenAtOnce);
      if (!surplus) return;
      const { sourceOrg, keys } = surplus;
      for (const key of keys) {
        resting.delete(key);
        if (forgotten.keys.length < mostForgottenKeys) forgotten.keys.push(key);
      }
      forgotten.ofOrgs.set(sourceOrg, (forgotten.ofOrgs.get(sourceOrg) ?? 0) + keys.length);
    }
  }

  restored(): Restored {
    this.settle();
    const alerts = new Map(Array.from(this.awake, ([key, { state }]) => [key, state]));
    return { alerts, resting: this.resting, forgotten: this.forgotten, end: this.lastOffset + 1 };
  }

  private lastWriterOf(key: string): number {
    return (this.awake.get(key) ?? this.resting.get(key))?.generation ?? this.gone.get(key) ?? 0;
  }

  private keep(key: string, { offset, generation, write }: Written, state: AlertState | undefined): void {
    this.resting.delete(key);
    if (!state) {
      this.awake.delete(key);
      this.noteGone(key, generation);
      return;
    }
    this.awake.set(key, { offset, generation, write, state: { ...state, generation } });
    if (this.awake.size >= this.settleAt) this.settle();
  }

  private noteGone(key: string, generation: number): void {
    this.gone.delete(key);
    this.gone.set(key, generation);
    if (this.gone.size <= mostGone) return;
    const [oldest = key] = this.gone.keys();
    this.gone.delete(oldest);
  }

  /** Puts alerts to rest that can be; the others are tried again later. */
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

  /** The generation of the next owner: its group's, or a higher one where the group's counter began anew. */
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
