import type { ListedPage } from '../ports.ts';

export const partSize = 100;
// Beyond it, destinations answer 400.
const maxParts = 50_000 / partSize;
// A page may be listed so long after another that was modified later.
const overlapMs = 60_000;

/** How far the list of a destination, those that were modified last first, has been read; in the time of its own clock. */
export class ListPosition {
  /** The part to be read next, from 0. */
  part = 0;
  private newest = Number.NEGATIVE_INFINITY;

  /** `since`: pages that were modified before are known. */
  constructor(private since: number) {}

  /** Takes the part that was read. Returns whether the round is over: no page after it has been modified since the last. */
  take(pages: readonly ListedPage[], now: Date): boolean {
    // A time in the future would hide what is modified until then.
    for (const { modifiedAt = 0 } of pages) this.newest = Math.max(this.newest, Math.min(modifiedAt, now.getTime()));
    this.part += 1;
    const oldest = pages.at(-1)?.modifiedAt ?? Number.POSITIVE_INFINITY;
    // A part may be shorter than asked for: the destination may cap it, and pages without an id are left out.
    if (pages.length > 0 && oldest >= this.since - overlapMs && this.part < maxParts) return false;
    if (this.newest > 0) this.since = this.newest;
    this.newest = Number.NEGATIVE_INFINITY;
    this.part = 0;
    return true;
  }
}
