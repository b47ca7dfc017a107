import type { Connection } from '@pagebridge/contracts';
import type { ReadPage } from '@pagebridge/page-ledger';
import type { Connections } from '../connections.ts';
import type { Lease } from '../lease.ts';
import { PartitionLost } from '../ledger/partition-lost.ts';
import type { Clock, ConnectionReporter, DestinationClient, ListedPage, Log, Metrics, PagesRead } from '../ports.ts';
import { destinationOf } from '../scheduling/lanes.ts';
import { ListPosition, partSize } from './list-position.ts';
import { listedForMs, type OpenPages } from './open-pages.ts';
import { Refusals } from './refusals.ts';

export interface PageReaderDependencies {
  readonly openPages: OpenPages;
  readonly connections: Pick<Connections, 'get'>;
  readonly destination: Pick<DestinationClient, 'listPages' | 'page'>;
  readonly reporter: Pick<ConnectionReporter, 'pagesUnreadable' | 'pagesReadable'>;
  readonly lease: Pick<Lease, 'mayCall'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'closedThere'>;
  readonly random: () => number;
  /** Milliseconds between two rounds for a destination. */
  readonly everyMs: number;
}

/** What is known of a destination. Times are those of `elapsedMs`. */
interface Reading {
  position: ListPosition;
  nextAt: number;
  failures: number;
  /** When it first had an open page, or was last answered. */
  answeredAt: number;
  isBusy: boolean;
}

const tickMs = 1000;
const maxPartsATurn = 10;
const maxWaitMs = 10 * 60_000;
const maxReadings = 4;

/**
 * Reads back what responders did with the open pages: one list for each destination, in a slot of its own, so that no create and
 * no resolve waits for it.
 *
 * Nothing depends on it but what it reads: a page that cannot be read back is sent and resolved as ever.
 */
export class PageReader {
  private readonly readings = new Map<string, Reading>();
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
    const now = this.deps.clock.elapsedMs();
    const destinations = this.destinations();
    for (const name of this.readings.keys()) if (!destinations.has(name)) this.readings.delete(name);
    for (const [name, connections] of destinations) {
      const its = this.readings.get(name) ?? this.newReading();
      this.readings.set(name, its);
      if (its.isBusy || this.running >= maxReadings) continue;
      const takenOver = connections.filter(({ connectionId }) => this.deps.openPages.takeOver(connectionId));
      if (takenOver.length > 0) its.position = this.firstPosition();
      if (now >= its.nextAt) void this.turn(its, () => this.readList(its, connections));
      else if (its.failures === 0) this.readOld(its, connections);
    }
  }

  private destinations(): Map<string, Connection[]> {
    const { openPages, connections } = this.deps;
    const known = Array.from(openPages.connectionIds, (id) => connections.get(id)).filter((one) => one !== undefined);
    return Map.groupBy(known, destinationOf);
  }

  private newReading(): Reading {
    const { clock, everyMs, random } = this.deps;
    const now = clock.elapsedMs();
    const nextAt = now + random() * Math.min(everyMs, 5000);
    return { position: this.firstPosition(), nextAt, failures: 0, answeredAt: now, isBusy: false };
  }

  private firstPosition(): ListPosition {
    return new ListPosition(this.deps.clock.now().getTime() - listedForMs);
  }

  private async turn(its: Reading, read: () => Promise<void>): Promise<void> {
    its.isBusy = true;
    this.running += 1;
    try {
      await read();
    } catch (error) {
      // A bug, which must stop no other turn. No page depends on it.
      this.deps.log.error({ error }, 'reading pages back failed');
      this.postpone(its);
    } finally {
      its.isBusy = false;
      this.running -= 1;
    }
  }

  private async readList(its: Reading, connections: readonly Connection[]): Promise<void> {
    const { clock, destination, everyMs, random } = this.deps;
    const { position } = its;
    for (let parts = 0, isOver = false; parts < maxPartsATurn && !isOver; parts += 1) {
      const pages = await this.ask(its, connections, (one) => destination.listPages(one, position.part, partSize));
      if (!pages) return;
      for (const page of pages) this.take(connections, page);
      isOver = position.take(pages, clock.now());
    }
    its.nextAt = clock.elapsedMs() + everyMs * (0.9 + random() * 0.2);
  }

  private readOld(its: Reading, connections: readonly Connection[]): void {
    const { destination, openPages } = this.deps;
    for (const { connectionId } of connections) {
      const id = openPages.nextOld(connectionId);
      if (id === undefined) continue;
      return void this.turn(its, async () => {
        const pages = await this.ask(its, connections, (one) => destination.page(one, id));
        for (const page of pages ?? []) this.take(connections, page);
      });
    }
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
        this.postpone(its, read.waitMs);
        return undefined;
      }
      if (read.kind === 'read') {
        Object.assign(its, { failures: 0, answeredAt: this.deps.clock.elapsedMs() });
        await this.refusals.answered(connection);
        return read.pages;
      }
      await this.refusals.refused(connection, read.detail);
    }
    its.failures += 1;
    its.nextAt = Math.min(...connections.map((connection) => this.refusals.asksAt(connection)));
    return undefined;
  }

  private postpone(its: Reading, waitMs = 0): void {
    const { clock, everyMs } = this.deps;
    const backoffMs = Math.min(everyMs * 2 ** Math.min(its.failures, 4), maxWaitMs);
    its.failures += 1;
    its.nextAt = clock.elapsedMs() + Math.max(waitMs, backoffMs);
  }

  /** Moves on the page that the destination names, if it is one of ours. Anything else is another team's business. */
  private take(connections: readonly Connection[], page: ListedPage): void {
    const { openPages, clock, log, metrics } = this.deps;
    const now = clock.now().getTime();
    const names = [page.id, ...page.tags];
    const open = connections
      .flatMap(({ connectionId }) => names.map((name) => openPages.find(connectionId, name)))
      .find((found) => found !== undefined);
    if (!open || open.ledgerPartition.lost) return;
    const { ledgerPartition, key, pageId, destinationPageId } = open;
    const read: ReadPage = { pageId, destinationPageId, ...timesOf(page, now) };
    if (read.acknowledgedAt === undefined && read.closedAt === undefined) return;
    try {
      ledgerPartition.step(key, { kind: 'read-back', read });
    } catch (error) {
      // The next owner reads it back.
      if (error instanceof PartitionLost) return;
      throw error;
    }
    if (read.closedAt === undefined) return;
    metrics.closedThere(Math.max(0, now - read.closedAt) / 1000);
    // An escalation policy may close what nobody took.
    if (read.acknowledgedAt === undefined) log.warn({ key, pageId }, 'a page was closed there, and nobody took it');
  }
}

/** A status without its time counts from now on. */
function timesOf({ status, acknowledgedAt, closedAt }: ListedPage, now: number): Partial<ReadPage> {
  const taken = acknowledgedAt ?? (status === 'acknowledged' ? now : undefined);
  const closed = status === 'closed' ? (closedAt ?? now) : undefined;
  return {
    ...(taken === undefined ? {} : { acknowledgedAt: taken }),
    ...(closed === undefined ? {} : { closedAt: closed }),
  };
}
