import type { AlertState, OutcomeWatermark } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';

/** The owner and the write that a record of the ledger comes from. */
export interface Written {
  readonly ownerEpoch: number;
  readonly write?: number | undefined;
  readonly watermark?: OutcomeWatermark | undefined;
}

/** What a record says of its alert; `state` is undefined for a tombstone. */
export interface Counted {
  readonly state: AlertState | undefined;
  readonly isStale: boolean;
}

// The latest of possibly millions of tombstones are enough: a late record of a stale owner arrives within its lease.
const maxTombstones = 10_000;

/**
 * Decides which records of a partition of the ledger count, oldest record first.
 *
 * Owner epochs increase along the log, and so do the writes of an owner. A record with a lower owner epoch than an earlier
 * record comes from a stale owner, and one with a lower write is late. Each is ignored if a younger record of the same alert
 * was read. Otherwise (compaction may have removed the newer record) it counts, since the page would be lost with the state;
 * its pages become possible duplicates, since a newer owner may have called the destination for them.
 */
export class LedgerOrder {
  private newest = 0;
  /** The latest write of the newest owner. */
  private newestWrite = 0;
  /** The owner epochs of the latest tombstones, by key. */
  private readonly tombstones = new Map<string, number>();

  /** Returns what the next record says; undefined if it is ignored. `known`: who wrote the state that is kept of the alert. */
  next(
    key: string,
    written: Written,
    state: AlertState | undefined,
    known: Pick<Written, 'ownerEpoch' | 'write'> | undefined,
  ): Counted | undefined {
    const isStale = this.pass(written);
    if (isStale && isNewer(known ?? { ownerEpoch: this.tombstones.get(key) ?? 0 }, written)) return undefined;
    if (!state) this.noteTombstone(key, written.ownerEpoch);
    return { state: isStale && state ? disputed(state) : state, isStale };
  }

  /** Passes a record of an alert that nobody asks for. Returns whether its owner is stale, or its write late. */
  pass({ ownerEpoch, write }: Written): boolean {
    if (ownerEpoch > this.newest) this.newestWrite = 0;
    // A write that was delayed may follow a younger one of its owner, which lost the lease and has it again.
    const isStale = ownerEpoch < this.newest || (write !== undefined && write < this.newestWrite);
    this.newest = Math.max(this.newest, ownerEpoch);
    if (!isStale) this.newestWrite = write ?? this.newestWrite;
    return isStale;
  }

  /** Returns the epoch of the next owner: the generation of its group, or a higher one if the group's counter was reset. */
  nextOwnerEpoch(groupGeneration: number): number {
    return Math.max(groupGeneration, this.newest + 1);
  }

  private noteTombstone(key: string, ownerEpoch: number): void {
    this.tombstones.delete(key);
    this.tombstones.set(key, ownerEpoch);
    if (this.tombstones.size <= maxTombstones) return;
    const [oldest = key] = this.tombstones.keys();
    this.tombstones.delete(oldest);
  }
}

const isNewer = (known: Pick<Written, 'ownerEpoch' | 'write'>, { ownerEpoch, write = 0 }: Written): boolean =>
  known.ownerEpoch === ownerEpoch ? (known.write ?? 0) > write : known.ownerEpoch > ownerEpoch;

const disputed = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    isEnded(page) || page.status === 'delivered' ? page : { ...page, possibleDuplicate: true },
  ),
});
