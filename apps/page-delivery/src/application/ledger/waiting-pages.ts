import type { AlertState } from '@pagebridge/contracts';
import { isBusy } from '@pagebridge/page-ledger';

// All pages of the alert take memory as long as one waits.
const waitingIn = (state: AlertState | undefined): number => (state?.pages.some(isBusy) ? state.pages.length : 0);

/** The number of pages of alerts of which a page waits for a call, or for the answer to one, by source org. */
export class WaitingPages {
  private readonly byOrg = new Map<string, number>();
  private sum = 0;

  /** `whole`: the pages of the whole instance, which include these. */
  constructor(private readonly whole?: WaitingPages) {}

  get total(): number {
    return this.sum;
  }

  /** Counts a change of an alert; undefined for an alert that is not known, or not any more. */
  changed(sourceOrg: string, before: AlertState | undefined, after: AlertState | undefined): void {
    this.add(sourceOrg, waitingIn(after) - waitingIn(before));
  }

  /** Returns whether no other org has more waiting pages. */
  isLargest(sourceOrg: string): boolean {
    const own = this.byOrg.get(sourceOrg) ?? 0;
    return this.byOrg.values().every((pages) => pages <= own);
  }

  /** Takes these pages out of those of the whole instance. */
  leave(): void {
    for (const [sourceOrg, pages] of this.byOrg) this.whole?.add(sourceOrg, -pages);
  }

  private add(sourceOrg: string, pages: number): void {
    if (pages === 0) return;
    this.sum += pages;
    const after = (this.byOrg.get(sourceOrg) ?? 0) + pages;
    if (after === 0) this.byOrg.delete(sourceOrg);
    else this.byOrg.set(sourceOrg, after);
    this.whole?.add(sourceOrg, pages);
  }
}
