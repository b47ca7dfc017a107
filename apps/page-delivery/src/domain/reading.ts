import type { AlertState } from '@pagebridge/contracts';
import { isEnded } from './page.ts';

/**
 * Reads the ledger of one partition, oldest record first, into the states as they stand.
 *
 * Generations grow along the log. A record of an older generation than was seen before it was written by an owner that
 * had lost the partition: it is ignored where a newer owner wrote the same alert. Where none did, or where compaction
 * has removed what it wrote, it is all there is: it is kept, and since a newer owner may have acted on the alert
 * unseen, its pages count as possible duplicates. Losing the state would lose the page.
 */
export class LedgerReading {
  private readonly entries = new Map<string, { readonly generation: number; readonly state: AlertState | undefined }>();
  private newest = 0;

  /** `state` undefined: the alert was forgotten. */
  take(key: string, generation: number, state: AlertState | undefined): void {
    const isStale = generation < this.newest;
    this.newest = Math.max(this.newest, generation);
    if (!isStale) {
      this.entries.set(key, { generation, state });
      return;
    }
    const known = this.entries.get(key);
    if (known && known.generation > generation) return;
    this.entries.set(key, { generation, state: state && disputed(state) });
  }

  states(): Map<string, AlertState> {
    const states = new Map<string, AlertState>();
    for (const [key, { state }] of this.entries) if (state) states.set(key, state);
    return states;
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
