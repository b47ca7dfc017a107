import type { AlertState, Told } from '@pagebridge/contracts';
import { isEnded } from './page.ts';
import { allReported } from './report.ts';
import { rested } from './resting.ts';
import { isAtRest } from './retention.ts';

/** Where a record stands, and who wrote it. */
export interface Written {
  readonly offset: number;
  readonly generation: number;
  readonly write?: number | undefined;
  readonly told?: Told | undefined;
}

interface Read extends Written {
  readonly state: AlertState | Resting | undefined;
}

/** An alert for which nothing is to be done, as text, see `rested`. */
interface Resting {
  readonly text: string;
  readonly hasEnded: boolean;
}

/** What the ledger of a partition holds. */
export interface Restored {
  readonly alerts: Iterable<readonly [key: string, state: AlertState]>;
  readonly resting: Iterable<Resting & { readonly key: string }>;
  /** Everything before this offset has been read. */
  readonly end: number;
}

// After so many alerts, or twice as many as were left the last time, it is looked which of them are at rest.
const settleEvery = 2000;

/**
 * Reads the ledger of one partition, oldest record first, into the states as they stand.
 *
 * Generations grow along the log. A record of an older generation than was seen before it was written by an owner that
 * had lost the partition: it is ignored where a newer owner wrote the same alert. Where none did, or where compaction
 * has removed what it wrote, it is all there is: it is kept, and since a newer owner may have acted on the alert
 * unseen, its pages count as possible duplicates. Losing the state would lose the page.
 *
 * Which outcomes are written stands once for all states, beside one of the next (`told`); an alert of which nothing is to
 * be done or told is kept as text as soon as that is known, so that a partition of a million alerts can be taken over.
 */
export class LedgerReading {
  private readonly entries = new Map<string, Read>();
  private unsettled: string[] = [];
  private settleAt = settleEvery;
  private newest = 0;
  private told: (Told & { readonly generation: number }) | undefined;
  private lastOffset = -1;

  /** `state` undefined: the alert was forgotten. */
  take(key: string, { offset, generation, write, told }: Written, state: AlertState | undefined): void {
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    this.lastOffset = offset;
    if (!isStale) {
      if (told) this.told = { ...told, generation };
      this.keep(key, { offset, generation, write, state });
      return;
    }
    const known = this.entries.get(key);
    if (known && known.generation > generation) return;
    this.keep(key, { offset, generation, write, state: state && disputed(state) });
  }

  /** What has been read; to be asked once, at the end. */
  restored(): Restored {
    this.settle();
    const { entries } = this;
    const alerts = function* () {
      for (const [key, { state }] of entries) if (state && !('text' in state)) yield [key, state] as const;
    };
    const resting = function* () {
      for (const [key, { state }] of entries) if (state && 'text' in state) yield { key, ...state };
    };
    return { alerts: alerts(), resting: resting(), end: this.lastOffset + 1 };
  }

  private keep(key: string, read: Read): void {
    this.entries.set(key, read);
    this.unsettled.push(key);
    if (this.unsettled.length >= this.settleAt) this.settle();
  }

  /** Makes text of those that are known to be at rest; the others are asked again with the next ones. */
  private settle(): void {
    this.unsettled = this.unsettled.filter((key) => {
      const read = this.entries.get(key);
      if (!read?.state || 'text' in read.state) return false;
      const state = this.isTold(read) ? allReported(read.state) : read.state;
      if (!isAtRest(state)) {
        this.entries.set(key, { ...read, state });
        return state.pages.some(({ unreported }) => unreported.length > 0);
      }
      this.entries.set(key, { ...read, state: { text: rested(state), hasEnded: state.pages.every(isEnded) } });
      return false;
    });
    this.settleAt = Math.max(settleEvery, 2 * this.unsettled.length);
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
