import type { AlertState, Told } from '@pagebridge/contracts';
import { isEnded } from './page.ts';
import { allReported } from './report.ts';

/** Where a record stands, and who wrote it. */
export interface Written {
  readonly offset: number;
  readonly generation: number;
  readonly write?: number | undefined;
  readonly told?: Told | undefined;
}

interface Read extends Written {
  readonly state: AlertState | undefined;
}

/**
 * Reads the ledger of one partition, oldest record first, into the states as they stand.
 *
 * Generations grow along the log. A record of an older generation than was seen before it was written by an owner that
 * had lost the partition: it is ignored where a newer owner wrote the same alert. Where none did, or where compaction
 * has removed what it wrote, it is all there is: it is kept, and since a newer owner may have acted on the alert
 * unseen, its pages count as possible duplicates. Losing the state would lose the page.
 *
 * Which outcomes are written stands once for all states, beside the last of them (`told`).
 */
export class LedgerReading {
  private readonly entries = new Map<string, Read>();
  private newest = 0;
  private told: (Told & { readonly generation: number }) | undefined;
  private lastOffset = -1;

  /** Everything before this offset has been read. */
  get end(): number {
    return this.lastOffset + 1;
  }

  /** `state` undefined: the alert was forgotten. */
  take(key: string, { offset, generation, write, told }: Written, state: AlertState | undefined): void {
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    this.lastOffset = offset;
    if (!isStale) {
      if (told) this.told = { ...told, generation };
      this.entries.set(key, { offset, generation, write, state });
      return;
    }
    const known = this.entries.get(key);
    if (known && known.generation > generation) return;
    this.entries.set(key, { offset, generation, write, state: state && disputed(state) });
  }

  states(): Map<string, AlertState> {
    const states = new Map<string, AlertState>();
    for (const [key, read] of this.entries) {
      if (read.state) states.set(key, this.isTold(read) ? allReported(read.state) : read.state);
    }
    return states;
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
