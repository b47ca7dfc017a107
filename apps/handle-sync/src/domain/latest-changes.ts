import type { HandleChange } from '@pagebridge/contracts';

/** Where a change stands among all others. */
export interface Place {
  readonly atMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** A change, and where it stands. */
export interface PlacedChange extends Place {
  readonly change: HandleChange;
}

/** Later ones first; of one time those of one partition in the order in which they were written. */
export const laterFirst = (a: Place, b: Place): number =>
  b.atMs - a.atMs || b.partition - a.partition || b.offset - a.offset;

/** The latest of the changes that it is shown, in whatever order: at most so many, and of those before a place. */
export class LatestChanges {
  private kept: PlacedChange[] = [];

  constructor(
    private readonly most: number,
    private readonly before?: Place,
  ) {}

  take(placed: PlacedChange): void {
    if (this.before && laterFirst(this.before, placed) >= 0) return;
    // Sorted now and then: what is shown may be far more than what is kept.
    if (this.kept.push(placed) >= 4 * this.most) this.kept = this.sorted();
  }

  /** The latest first. */
  sorted(): PlacedChange[] {
    return this.kept.toSorted(laterFirst).slice(0, this.most);
  }
}
