import type { AlertState } from '@pagebridge/contracts';
import { type Waiting, waitingOf } from '@pagebridge/page-lifecycle';

/**
 * How many pages wait, and their memory by source org: of one partition, or of the whole instance. All pages of an alert count
 * while one of them waits for a call, or for the answer to one.
 */
export class WaitingTotals {
  private readonly bytesByOrg = new Map<string, number>();
  private sum = { pages: 0, bytes: 0 };

  /** `whole`: the totals of the instance, which include these. */
  constructor(private readonly whole?: WaitingTotals) {}

  get total(): number {
    return this.sum.pages;
  }

  /** Counts a change of an alert; undefined for an alert that is not known, or not any more. */
  changed(sourceOrg: string, before: AlertState | undefined, after: AlertState | undefined): void {
    const [was, is] = [waitingOf(before), waitingOf(after)];
    this.add(sourceOrg, is.pages - was.pages, is.bytes - was.bytes);
  }

  of(sourceOrg: string): Omit<Waiting, 'mostBytes'> {
    return { ...this.sum, bytesOfOrg: this.bytesByOrg.get(sourceOrg) ?? 0, orgs: this.bytesByOrg.size };
  }

  /** Takes these totals out of those of the instance. */
  leave(): void {
    for (const [sourceOrg, bytes] of this.bytesByOrg) this.whole?.add(sourceOrg, 0, -bytes);
    this.whole?.add('', -this.sum.pages, 0);
  }

  private add(sourceOrg: string, pages: number, bytes: number): void {
    if (pages === 0 && bytes === 0) return;
    this.sum = { pages: this.sum.pages + pages, bytes: this.sum.bytes + bytes };
    const after = (this.bytesByOrg.get(sourceOrg) ?? 0) + bytes;
    if (after === 0) this.bytesByOrg.delete(sourceOrg);
    else this.bytesByOrg.set(sourceOrg, after);
    this.whole?.add(sourceOrg, pages, bytes);
  }
}
