import type { AlertState, PageState } from '@pagebridge/contracts';
import type { Effects } from '../../domain/step.ts';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';

/** A page that is open in its destination. */
export interface OpenPage {
  readonly ledgerPartition: LedgerPartition;
  readonly key: string;
  readonly pageId: string;
  readonly destinationPageId: string;
  readonly isAcknowledged: boolean;
}

interface OfConnection {
  /** Each page twice: by the id of the destination, and by its tag. */
  readonly pages: Map<string, OpenPage>;
  /** The pages of a partition that was taken over are not read yet. */
  isTakenOver: boolean;
  /** The ids of pages that are older than what the list is read for. */
  readonly old: string[];
}

// About 50 MB. The ledger may hold more open pages: those are not read back, and end by their recovery.
const maxOpenPages = 200_000;

/** How far back the list is read for pages that were taken over; older ones are asked for one by one. */
export const listedForMs = 24 * 60 * 60_000;

const tagOf = (pageId: string): string => `page-id:${pageId}`;

/** The pages of the owned partitions that are open in their destinations, by connection. */
export class OpenPages {
  private readonly ofConnections = new Map<string, OfConnection>();
  private readonly counts = { open: 0, acknowledged: 0 };

  /** Adds the open pages of a partition that was taken over, whose destinations were last asked by another instance. */
  restore(ledgerPartition: LedgerPartition, now: Date): void {
    const readSince = now.getTime() - listedForMs;
    for (const [key, { pages }] of ledgerPartition.alerts.open())
      for (const page of pages) if (page.status === 'delivered') this.add(ledgerPartition, key, page, readSince);
  }

  follow(ledgerPartition: LedgerPartition, key: string, { opened, closed }: Pick<Effects, 'opened' | 'closed'>): void {
    for (const page of closed) this.remove(page);
    for (const page of opened) this.add(ledgerPartition, key, page);
  }

  forget(alert: AlertState | undefined): void {
    for (const page of alert?.pages ?? []) this.remove(page);
  }

  /** `readSince`: of a page that was taken over, the time from which on its destination's list is read. */
  private add(ledgerPartition: LedgerPartition, key: string, page: PageState, readSince?: number): void {
    const { connectionId, destinationPageId, pageId, acknowledged } = page;
    if (!destinationPageId) return;
    this.remove(page);
    if (this.counts.open >= maxOpenPages) return;
    const its: OfConnection = this.ofConnections.get(connectionId) ?? { pages: new Map(), isTakenOver: false, old: [] };
    this.ofConnections.set(connectionId, its);
    const open = { ledgerPartition, key, pageId, destinationPageId, isAcknowledged: acknowledged !== undefined };
    its.pages.set(destinationPageId, open);
    its.pages.set(tagOf(pageId), open);
    this.count(open, 1);
    if (readSince === undefined) return;
    its.isTakenOver = true;
    if (Date.parse(page.acceptedAt) < readSince) its.old.push(destinationPageId);
  }

  private remove({ connectionId, destinationPageId = '', pageId }: PageState): void {
    const its = this.ofConnections.get(connectionId);
    const open = its?.pages.get(destinationPageId);
    if (!its || open?.pageId !== pageId) return;
    its.pages.delete(destinationPageId);
    its.pages.delete(tagOf(pageId));
    this.count(open, -1);
    if (its.pages.size === 0) this.ofConnections.delete(connectionId);
  }

  /** Removes the pages of a partition that another instance reads back from now on. */
  drop(ledgerPartition: LedgerPartition): void {
    for (const [connectionId, { pages }] of this.ofConnections) {
      for (const [id, open] of pages) {
        if (open.ledgerPartition !== ledgerPartition) continue;
        pages.delete(id);
        if (id === tagOf(open.pageId)) this.count(open, -1);
      }
      if (pages.size === 0) this.ofConnections.delete(connectionId);
    }
  }

  get connectionIds(): Iterable<string> {
    return this.ofConnections.keys();
  }

  /** `name`: the id of the destination, or the tag with the id of the page. */
  find(connectionId: string, name: string): OpenPage | undefined {
    return this.ofConnections.get(connectionId)?.pages.get(name);
  }

  /** Returns once for each takeover whether pages of a connection were taken over. */
  takeOver(connectionId: string): boolean {
    const its = this.ofConnections.get(connectionId);
    if (!its?.isTakenOver) return false;
    its.isTakenOver = false;
    return true;
  }

  /** Returns the next page that the list does not show, which still is open. */
  nextOld(connectionId: string): string | undefined {
    const its = this.ofConnections.get(connectionId);
    for (let id = its?.old.pop(); id !== undefined; id = its?.old.pop()) if (its?.pages.has(id)) return id;
    return undefined;
  }

  get total(): Readonly<Record<'open' | 'acknowledged', number>> {
    return this.counts;
  }

  private count({ isAcknowledged }: OpenPage, by: number): void {
    this.counts.open += by;
    if (isAcknowledged) this.counts.acknowledged += by;
  }
}
