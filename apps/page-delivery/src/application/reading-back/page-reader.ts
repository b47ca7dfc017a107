import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import type { Connections } from '../connections.ts';
import type { Lease } from '../lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { alertOf } from '../operator-log.ts';
import type { Clock, ConnectionReporter, DestinationClient, ListedPage, Log, Metrics, PagesRead } from '../ports.ts';
import { destinationOf } from '../scheduling/lanes.ts';
import { ListPosition, partSize } from './list-position.ts';
import { Reading, type ReadingTerms } from './reading.ts';
import { Refusals } from './refusals.ts';

export interface PageReaderDependencies extends ReadingTerms {
  readonly ledger: Pick<Ledger, 'owned'>;
  readonly connections: Pick<Connections, 'all'>;
  readonly destination: Pick<DestinationClient, 'listPages' | 'page'>;
  readonly reporter: Pick<ConnectionReporter, 'pagesUnreadable' | 'pagesReadable'>;
  readonly lease: Pick<Lease, 'mayCall'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'closedThere'>;
}

const tickMs = 1000;
// Of a tick, for the open pages of a partition that was taken over.
const findForMs = 50;
const maxPartsATurn = 10;
const maxReadings = 32;
/** How far back the list is read after a takeover; older pages are asked for one by one. */
const listedForMs = 24 * 60 * 60_000;

/**
 * Reads back what responders did with the open pages: one list for each destination, in a slot of its own, so that no create and
 * no resolve waits for it.
 *
 * Nothing depends on it but what it reads: a page that cannot be read back is sent and resolved as ever.
 */
export class PageReader {
  private readonly readings = new Map<string, Reading>();
  /** The destination's ids of open pages that the list does not show, by connection. */
  private readonly old = new Map<string, Set<string>>();
  private readonly refusals: Refusals;
  private running = 0;
  private cancelTick: (() => void) | undefined;
  private isStopped = false;

  constructor(private readonly deps: PageReaderDependencies) {
    this.refusals = new Refusals(deps.reporter, deps.clock, deps.log);
  }

  start(): void {
    this.cancelTick = this.deps.clock.after(tickMs, () => {
      this.start();
      this.tick();
    });
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTick?.();
  }

  /** The longest time for which a destination with open pages has not said what became of them, in milliseconds. */
  get ageMs(): number {
    const now = this.deps.clock.elapsedMs();
    return Math.max(0, ...Array.from(this.readings.values(), ({ answeredAt }) => now - answeredAt));
  }

  private tick(): void {
    if (!this.deps.lease.mayCall()) return;
    const isTakenOver = this.findOpenPages();
    const now = this.deps.clock.elapsedMs();
    const destinations = this.destinations();
    for (const [name, { isBusy }] of this.readings) if (!isBusy && !destinations.has(name)) this.readings.delete(name);
    for (const name of destinations.keys())
      if (!this.readings.has(name)) this.readings.set(name, new Reading(this.deps));
    const since = this.deps.clock.now().getTime() - listedForMs;
    if (isTakenOver) for (const its of this.readings.values()) its.position = new ListPosition(since);
    const free = [...this.readings].filter(([name, { isBusy }]) => !isBusy && destinations.has(name));
    free.sort(([, one], [, other]) => one.nextAt - other.nextAt);
    for (const [name, its] of free) {
      const connections = destinations.get(name) ?? [];
      if (this.running >= maxReadings) return;
      if (now >= its.nextAt) void this.turn(its, () => this.readList(its, connections));
      else if (its.failures === 0) this.readOld(its, connections);
    }
  }

  /** Finds the open pages of partitions that were taken over, whose destinations were last asked by another instance. */
  private findOpenPages(): boolean {
    const { clock, ledger } = this.deps;
    const until = clock.elapsedMs() + findForMs;
    let isFound = false;
    for (const { alerts } of ledger.owned) {
      for (let alert: AlertState | undefined; clock.elapsedMs() < until; isFound = true) {
        alert = alerts.addOpenPages();
        if (!alert) break;
        for (const page of alert.pages) this.noteOld(page);
      }
    }
    return isFound;
  }

  private noteOld({ status, connectionId, destinationPageId, acceptedAt }: PageState): void {
    const isListed = Date.parse(acceptedAt) >= this.deps.clock.now().getTime() - listedForMs;
    if (status !== 'delivered' || !destinationPageId || isListed) return;
    const old = this.old.get(connectionId) ?? new Set();
    this.old.set(connectionId, old.add(destinationPageId));
  }

  private destinations(): Map<string, Connection[]> {
    const { ledger, connections } = this.deps;
    const open = new Set(ledger.owned.flatMap(({ alerts }) => [...alerts.openPages.connectionIds]));
    const destinations = Map.groupBy(connections.all(), destinationOf);
    for (const [name, its] of destinations)
      if (!its.some(({ connectionId }) => open.has(connectionId))) destinations.delete(name);
    return destinations;
  }

  private async turn(its: Reading, read: () => Promise<void>): Promise<void> {
    its.isBusy = true;
    this.running += 1;
    try {
      await read();
    } catch (error) {
      // A report that was not written, or a bug. No page depends on it.
      this.deps.log.error({ error }, 'reading pages back failed; retrying');
      its.postpone();
    } finally {
      its.isBusy = false;
      this.running -= 1;
    }
  }

  private async readList(its: Reading, connections: readonly Connection[]): Promise<void> {
    const { clock, destination } = this.deps;
    const { position } = its;
    const startedAt = clock.elapsedMs();
    for (let parts = 0, isOver = false; !isOver; parts += 1) {
      // The next tick reads on.
      if (parts === maxPartsATurn) return;
      const pages = await this.ask(its, connections, (one) => destination.listPages(one, position.part, partSize));
      if (!pages) return;
      this.takeAll(connections, pages);
      isOver = position.take(pages, clock.now());
    }
    its.ended(startedAt);
  }

  private readOld(its: Reading, connections: readonly Connection[]): void {
    const next = this.nextOld(connections);
    if (!next) return;
    const { ids, id } = next;
    void this.turn(its, async () => {
      const pages = await this.ask(its, connections, (one) => this.deps.destination.page(one, id));
      if (!pages) return;
      ids.delete(id);
      this.takeAll(connections, pages);
    });
  }

  /** Returns the next old page that still is open, with the ids that it is of. */
  private nextOld(connections: readonly Connection[]) {
    for (const { connectionId } of connections) {
      const ids = this.old.get(connectionId) ?? new Set<string>();
      for (const id of ids) {
        if (this.find(connectionId, id)) return { ids, id };
        ids.delete(id);
      }
    }
    return undefined;
  }

  /** Asks over the connections in turn, until one is not refused. Returns undefined if none was answered. */
  private async ask(
    its: Reading,
    connections: readonly Connection[],
    call: (connection: Connection) => Promise<PagesRead>,
  ): Promise<readonly ListedPage[] | undefined> {
    for (const connection of connections) {
      if (this.deps.clock.elapsedMs() < this.refusals.asksAt(connection)) continue;
      const read = await call(connection);
      if (this.isStopped) return undefined;
      if (read.kind === 'failed') {
        its.postpone(read.waitMs);
        return undefined;
      }
      if (read.kind === 'read') {
        await this.refusals.answered(connection);
        its.answered();
        return read.pages;
      }
      await this.refusals.refused(connection, read.detail);
    }
    its.refused(Math.min(...connections.map((connection) => this.refusals.asksAt(connection))));
    return undefined;
  }

  private takeAll(connections: readonly Connection[], pages: readonly ListedPage[]): void {
    for (const page of pages) {
      try {
        this.take(connections, page);
      } catch (error) {
        // A bug, which must not hide the pages after it.
        this.deps.log.error({ error, destinationPageId: page.id }, 'page status not recorded: internal error');
      }
    }
  }

  /** Moves on the page that the destination names, if it is one of ours. Anything else is another team's business. */
  private take(connections: readonly Connection[], { id, ...page }: ListedPage): void {
    const { clock, metrics, log } = this.deps;
    const now = clock.now().getTime();
    // A status without its time counts from now on.
    const acknowledgedAt = page.acknowledgedAt ?? (page.status === 'acknowledged' ? now : undefined);
    const closedAt = page.closedAt ?? (page.status === 'closed' ? now : undefined);
    if (acknowledgedAt === undefined && closedAt === undefined) return;
    for (const { connectionId } of connections) {
      const open = this.find(connectionId, id);
      if (!open) continue;
      const { ledgerPartition, key } = open;
      const read = { connectionId, destinationPageId: id, acknowledgedAt, closedAt };
      ledgerPartition.step(key, { kind: 'read-back', read });
      if (closedAt === undefined) continue;
      metrics.closedThere(Math.max(0, now - closedAt) / 1000);
      // An escalation policy may close what nobody took.
      if (acknowledgedAt === undefined) {
        const cure = 'Check the escalation policy of the team in the destination.';
        const its = { ...alertOf(key), connectionId, destinationPageId: id, reason: 'closed-there', cure };
        log.warn(its, 'page closed in destination without acknowledgement');
      }
    }
  }

  private find(connectionId: string, id: string) {
    for (const ledgerPartition of this.deps.ledger.owned) {
      const key = ledgerPartition.alerts.openPages.keyOf(connectionId, id);
      // The next owner of a lost partition reads it back.
      if (key !== undefined && !ledgerPartition.lost) return { ledgerPartition, key };
    }
    return undefined;
  }
}
