import type { AlertState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';
import type { LedgerRecord, Said, Written } from './ledger-record.ts';

/** What counts of an alert from a record on. */
export interface Counted {
  readonly said: Said;
  readonly by: Written;
  /** Whether a newer owner, or a later write of the same owner, precedes the record in the partition. */
  readonly isLate: boolean;
}

/**
 * Decides which records of one partition of the ledger count, oldest record first.
 *
 * Owner epochs increase along the log, and so do the writes of an owner. A record with a lower owner epoch than an earlier
 * record comes from a stale owner, and one with a lower write was delayed: its owner lost the lease and has it again. Each is
 * ignored if a younger record of the same alert precedes it. Otherwise (compaction may have removed the younger record) it
 * counts, since the page would be lost with the state; its pages become possible duplicates, since a newer owner may have
 * called the destination for them.
 *
 * A record that cannot be read counts as the latest write of the newest owner that is known, which may be an earlier one than
 * its own: its alert has no state until it is written again.
 */
export class LedgerOrder {
  private newest = 0;
  /** The latest write of the newest owner. */
  private newestWrite = 0;

  get newestEpoch(): number {
    return this.newest;
  }

  /**
   * Takes the next record, of any alert. `known`: who wrote the last record of the same alert that counted.
   *
   * Returns undefined if the record is ignored.
   */
  take(
    { said, by = { ownerEpoch: this.newest, write: this.newestWrite } }: Pick<LedgerRecord, 'said' | 'by'>,
    known: () => Written | undefined,
  ): Counted | undefined {
    const { ownerEpoch, write } = by;
    if (ownerEpoch > this.newest) this.newestWrite = 0;
    const isLate = ownerEpoch < this.newest || (write !== undefined && write < this.newestWrite);
    if (isLate) {
      if (isYounger(known(), by)) return undefined;
      return { said: typeof said === 'object' ? disputed(said) : said, by, isLate };
    }
    this.newest = ownerEpoch;
    this.newestWrite = write ?? this.newestWrite;
    return { said, by, isLate };
  }
}

function isYounger(known: Written | undefined, { ownerEpoch, write = 0 }: Written): boolean {
  if (known?.ownerEpoch === ownerEpoch) return (known.write ?? 0) > write;
  return (known?.ownerEpoch ?? 0) > ownerEpoch;
}

const disputed = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    isEnded(page) || page.status === 'delivered' ? page : { ...page, possibleDuplicate: true },
  ),
});
