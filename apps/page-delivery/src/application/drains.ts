import type { Connection } from '@pagebridge/contracts';
import { type Tally, tallyOf } from '@pagebridge/page-lifecycle';
import type { Connections } from './connections.ts';
import type { Lease } from './lease.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerPartition } from './ledger/ledger-partition.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { ConnectionReporter, Log } from './ports.ts';

// An org may have a million alerts, and a sweep blocks the event loop.
const alertsPerSweep = 5000;

/**
 * Resolves the open pages of connections that are being deleted, and reports each owned partition once none is open.
 *
 * The next owner of a partition reports the same numbers, since the ledger shows which pages are open and which were
 * resolved because of the deletion. An instance that has read of the deletion creates no page over the connection.
 */
export class Drains {
  private readonly reported = new WeakMap<LedgerPartition, Set<string>>();
  private round: Iterator<void> | undefined;

  constructor(
    private readonly connections: Pick<Connections, 'deleting'>,
    private readonly ledger: Pick<Ledger, 'owned'>,
    private readonly reporter: Pick<ConnectionReporter, 'drained'>,
    private readonly log: Log,
    private readonly lease: Pick<Lease, 'mayWrite'>,
  ) {}

  /** Must be called periodically. */
  sweep(): void {
    this.round ??= this.drainAll();
    for (let seen = 0; seen < alertsPerSweep; seen += 1) {
      if (!this.round.next().done) continue;
      this.round = undefined;
      return;
    }
  }

  private *drainAll(): Generator<void> {
    for (const connection of this.connections.deleting()) {
      for (const ledgerPartition of this.ledger.owned) {
        if (!this.reported.get(ledgerPartition)?.has(connection.connectionId))
          yield* this.drain(ledgerPartition, connection);
      }
    }
  }

  private *drain(ledgerPartition: LedgerPartition, connection: Connection): Generator<void> {
    const { connectionId, sourceOrg } = connection;
    let tally = tallyOf({ pages: [] }, connectionId);
    for (const key of ledgerPartition.alerts.mentioning(sourceOrg, connectionId)) {
      if (ledgerPartition.lost) return;
      // An unchanged alert stays idle.
      const after = key && ledgerPartition.step(key, { kind: 'connection-deleted', connectionId }).alert;
      if (after) tally = tallyOf(after, connectionId, tally);
      yield;
    }
    // Pages that are still open are counted again in the next round.
    if (tally.open === 0 && !ledgerPartition.lost) void this.report(ledgerPartition, connection, tally);
  }

  private async report(
    ledgerPartition: LedgerPartition,
    connection: Connection,
    { resolved, unresolved }: Tally,
  ): Promise<void> {
    const { connectionId } = connection;
    const { partition } = ledgerPartition;
    const reported = this.reported.get(ledgerPartition) ?? new Set();
    this.reported.set(ledgerPartition, reported.add(connectionId));
    try {
      // The report lets connection-management delete the credential: first the ledger must hold that no page needs it.
      await ledgerPartition.batchDurable(false);
      // A new owner of the partition may have opened pages over the connection.
      if (ledgerPartition.lost || !this.lease.mayWrite()) throw new PartitionLost(partition);
      await this.reporter.drained(connection, { partition, resolved, unresolved });
      this.log.info({ connectionId, partition, resolved, unresolved }, 'connection drained in a partition');
    } catch (error) {
      reported.delete(connectionId);
      this.log.warn({ connectionId, partition, error: String(error) }, 'drain report not written; retrying');
    }
  }
}
