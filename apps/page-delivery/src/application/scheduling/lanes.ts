import type { Connection, PageState } from '@pagebridge/contracts';
import type { CallKind } from '@pagebridge/page-lifecycle';
import type { CredentialReports } from '../credential-reports.ts';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import type { Clock } from '../ports.ts';
import { DestinationQueue } from './destination-queue.ts';
import type { Job } from './job.ts';
import { Lane, type LaneSettings } from './lane.ts';

/** The pages that wait for a call: a lane for each connection with work, and a queue for each destination org. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly queues = new Map<string, DestinationQueue>();

  constructor(
    private readonly settings: LaneSettings,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly credentials: Pick<CredentialReports, 'refusedSince'>,
    private readonly clock: Clock,
  ) {}

  /** Returns the lane of a connection, and adds it if there is none. */
  of(connectionId: string): Lane {
    const known = this.lanes.get(connectionId);
    if (known) return known;
    const lane = new Lane(this.settings);
    this.lanes.set(connectionId, lane);
    this.renew(connectionId);
    return lane;
  }

  /** Gives a lane the present state of its connection, and the queue of its destination. */
  renew(connectionId: string): Lane | undefined {
    const lane = this.lanes.get(connectionId);
    const connection = this.connections.get(connectionId);
    lane?.renew(connection, connection && this.queue(destinationOf(connection)), this.clock.elapsedMs());
    return lane;
  }

  /** Removes the job of a page that waits for its call no longer. */
  end(key: string, { connectionId, pageId }: PageState): void {
    this.lanes.get(connectionId)?.end(key, pageId);
  }

  /** Removes the jobs of a lost partition: the next owner finds them in the ledger. */
  drop(ledgerPartition: LedgerPartition): void {
    for (const lane of this.lanes.values()) lane.drop(ledgerPartition);
  }

  /** Removes what nobody uses. */
  tidy(): void {
    const used = new Set<DestinationQueue | undefined>();
    for (const [id, lane] of this.lanes) {
      if (lane.isIdle && !lane.connection) this.lanes.delete(id);
      else used.add(lane.queue);
    }
    for (const [name, queue] of this.queues) if (!used.has(queue)) this.queues.delete(name);
  }

  all(): Iterable<Lane> {
    return this.lanes.values();
  }

  depth(): { ready: number; delayed: number; running: number } {
    const depth = { ready: 0, delayed: 0, running: 0 };
    for (const lane of this.lanes.values()) {
      depth.ready += lane.ready;
      depth.delayed += lane.size - lane.ready;
      depth.running += lane.running;
    }
    return depth;
  }

  conditions(): Record<'open' | 'broken', number> {
    const conditions = { open: 0, broken: 0 };
    // While no page waits, no call shows whether the fault has ended.
    for (const lane of this.lanes.values()) conditions[lane.isFailing && !lane.isIdle ? 'broken' : 'open'] += 1;
    return conditions;
  }

  /** Returns the connections with waiting pages whose credential is refused, the one first that has been so for longest. */
  refused(): readonly string[] {
    const since = new Map<string, number>();
    for (const { connection, isIdle } of this.lanes.values()) {
      const at = connection && !isIdle ? this.credentials.refusedSince(connection) : undefined;
      if (connection && at !== undefined) since.set(connection.connectionId, at);
    }
    return [...since].toSorted(([, one], [, other]) => one - other).map(([connectionId]) => connectionId);
  }

  /** Returns the jobs that have waited so long, the oldest of each connection and kind of call: creates first, and older ones before younger. */
  longestWaits(ms: number): readonly Job[] {
    const before = this.clock.now().getTime() - ms;
    const waits = (kind: CallKind) => [...this.lanes.values()].flatMap((lane) => lane.oldest(kind) ?? []);
    return (['create', 'resolve'] as const).flatMap((kind) =>
      waits(kind)
        .filter(({ since }) => since <= before)
        .toSorted((one, other) => one.since - other.since),
    );
  }

  private queue(name: string): DestinationQueue {
    const queue = this.queues.get(name) ?? new DestinationQueue(this.settings.destinationConcurrency);
    this.queues.set(name, queue);
    return queue;
  }
}

/** Returns the key of a connection's destination org. A connection whose org is unknown has its own queue. */
export const destinationOf = ({ connectionId, dataCenter, destinationOrg }: Connection): string =>
  destinationOrg.id === '' ? connectionId : `${dataCenter}/${destinationOrg.id}`;
