import type { HandleChange } from '@pagebridge/contracts';

/** The position of a change in the order of all changes. */
export interface Place {
  readonly atMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** A change with its position. */
export interface PlacedChange extends Place {
  readonly change: HandleChange;
}

/** Sorts later changes first; changes of the same time by partition, and then by offset, the highest first. */
export const laterFirst = (a: Place, b: Place): number =>
  b.atMs - a.atMs || b.partition - a.partition || b.offset - a.offset;

/** Collects the latest changes from changes in any order: at most `most`, and only those before a given position. */
export class LatestChanges {
  private kept: PlacedChange[] = [];

  constructor(
    private readonly most: number,
    private readonly before?: Place,
  ) {}

  add(placed: PlacedChange): void {
    if (this.before && laterFirst(this.before, placed) >= 0) return;
    // Sorts and cuts from time to time, because far more changes may be passed than are kept.
    if (this.kept.push(placed) >= 4 * this.most) this.kept = this.sorted();
  }

  sorted(): PlacedChange[] {
    return this.kept.toSorted(laterFirst).slice(0, this.most);
  }
}
