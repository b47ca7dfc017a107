import type { AlertState, Told } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';
import { allReported } from '../report.ts';
import { RestingAlerts } from './resting-alerts.ts';
import { isAtRest } from './retention.ts';

/** Where a record stands, and who wrote it. */
export interface Written {
  readonly offset: number;
  readonly generation: number;
  readonly write?: number | undefined;
  readonly told?: Told | undefined;
}

interface Read extends Written {
  readonly state: AlertState;
}

/** What the ledger of a partition holds. */
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

// After so many alerts, or twice as many as were left the last time, it is looked which of them are at rest.
const settleEvery = 100;
const mostForgottenAtOnce = 1000;
// The keys alone take memory too. What the ledger holds beyond them is read, and forgotten, by its next owner again.
const mostForgottenKeys = 100_000;

/**
 * Reads the ledger of one partition, oldest record first, into the states as they stand.
 *
 * Generations grow along the log. A record of an older generation than was seen before it was written by an owner that
 * had lost the partition: it is ignored where a newer owner wrote the same alert. Where none did, or where compaction
 * has removed what it wrote, it is all there is: it is kept, and since a newer owner may have acted on the alert
 * unseen, its pages count as possible duplicates. Losing the state would lose the page.
 *
 * Which outcomes are written stands once for all states, beside one of the next (`told`); an alert of which nothing is to
 * be done or told is put to rest as soon as that is known, so that a partition of a million alerts can be taken over.
 */
export class LedgerReading {
  readonly resting = new RestingAlerts();
  private awake = new Map<string, Read>();
  /** Who forgot the alerts that were forgotten. */
  private readonly gone = new Map<string, number>();
  private readonly forgotten = { keys: [] as string[], ofOrgs: new Map<string, number>() };
  private settleAt = settleEvery;
  private newest = 0;
  private told: (Told & { readonly generation: number }) | undefined;
  private lastOffset = -1;

  /** `state` undefined: the alert was forgotten. */
  take(key: string, written: Written, state: AlertState | undefined): void {
    const { offset, generation, told } = written;
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    this.lastOffset = offset;
    if (isStale && this.lastWriterOf(key) > generation) return;
    if (told && !isStale) this.told = { ...told, generation };
    this.keep(key, written, isStale && state ? disputed(state) : state);
  }

  /** Forgets the oldest alerts at rest of those who hold most, until all take no more than `bytes`. */
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

  /** What has been read. */
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
      this.gone.set(key, generation);
      return;
    }
    this.awake.set(key, { offset, generation, write, state: { ...state, generation } });
    if (this.awake.size >= this.settleAt) this.settle();
  }

  /** Puts to rest what is known to be; the others are asked again with the next ones. */
  private settle(): void {
    const left = new Map<string, Read>();
    for (const [key, read] of this.awake) {
      const state = this.isTold(read) ? allReported(read.state) : read.state;
      if (isAtRest(state)) this.resting.keep(key, state);
      else left.set(key, { ...read, state });
    }
    // Not the same map, emptied: one that is old has the collector keep what it held.
    this.awake = left;
    this.settleAt = Math.max(settleEvery, 2 * left.size);
  }

  private isTold({ offset, generation, write = 0 }: Written): boolean {
    if (!this.told) return false;
    if (generation === this.told.generation) return write <= this.told.write;
    return generation < this.told.generation && offset < this.told.before;
  }

  /** What the next owner writes: its group's generation, or more where the group's counter began anew. */
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
