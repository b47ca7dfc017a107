import type { Connection } from '@pagebridge/contracts';
import { drained, nothing, sum, type Tally, tallyOf } from '../domain/drain.ts';
import type { Connections } from './connections.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerPartition } from './ledger/ledger-partition.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { Clock, ConnectionReporter, Log, Permit } from './ports.ts';

// A slice each time: an org may have a million alerts, and a look holds up everything else.
const alertsPerLook = 5000;

/**
 * Resolves what is open over connections that are being deleted, and reports each owned partition of which nothing is.
 *
 * It keeps nothing: the ledger says what is open and what was resolved for this reason, so that the next owner of a
 * partition comes to the same number. No page is created over such a connection by whoever knows that it is one.
 */
export class Drains {
  private readonly reported = new WeakMap<LedgerPartition, Set<string>>();
  private round: Iterator<void> | undefined;

  constructor(
    private readonly connections: Pick<Connections, 'deleting'>,
    private readonly ledger: Pick<Ledger, 'owned'>,
    private readonly reporter: Pick<ConnectionReporter, 'drained'>,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Log,
    private readonly mayWrite: Permit,
  ) {}

  /** To be called from time to time. */
  look(): void {
    this.round ??= this.everything();
    for (let seen = 0; seen < alertsPerLook; seen += 1) {
      if (!this.round.next().done) continue;
      this.round = undefined;
      return;
    }
  }

  private *everything(): Generator<void> {
    for (const connection of this.connections.deleting()) {
      for (const ledgerPartition of this.ledger.owned) {
        if (!this.reported.get(ledgerPartition)?.has(connection.connectionId))
          yield* this.drain(ledgerPartition, connection);
      }
    }
  }

  private *drain(ledgerPartition: LedgerPartition, connection: Connection): Generator<void> {
    const { connectionId, sourceOrg } = connection;
    let tally = nothing;
    for (const alert of ledgerPartition.mentioning(sourceOrg, connectionId)) {
      if (ledgerPartition.lost) return;
      if (alert) {
        const [key, state] = alert;
        const after = drained(state, connectionId, this.clock.now());
        // One at rest stays so.
        if (after !== state) ledgerPartition.set(key, after);
        tally = sum(tally, tallyOf(after, connectionId));
      }
      yield;
    }
    // What is still open is looked at again in the next round.
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
      // With the report the credential goes: by then the ledger must hold that it is not needed.
      await ledgerPartition.durability.batchDurable(false);
      // Whoever owns the partition now may have opened pages over it since.
      if (ledgerPartition.lost || !this.mayWrite()) throw new PartitionLost(partition);
      await this.reporter.drained(connection, { partition, resolved, unresolved });
      this.log.info({ connectionId, partition, resolved, unresolved }, 'nothing is open over a connection any more');
    } catch (error) {
      reported.delete(connectionId);
      this.log.warn(
        { connectionId, partition, error: String(error) },
        'a drained partition was not reported, it is reported again',
      );
    }
  }
}
