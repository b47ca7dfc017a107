import type { AlertState, PageState } from '@pagebridge/contracts';
import type { DueCall, Terms } from '@pagebridge/page-lifecycle';
import type { Lease } from '../lease.ts';
import type { OperatorLog } from '../operator-log.ts';
import type { Clock, LedgerWriter, Log, Metrics, PageTexts } from '../ports.ts';
import type { LedgerPartition } from './ledger-partition.ts';
import type { WaitingTotals } from './waiting-totals.ts';

/** Schedules the calls that are due, and removes those that are called off. It must make no call before the ledger contains the alert. */
export interface WorkReceiver {
  begin(ledgerPartition: LedgerPartition, key: string, alert: AlertState, call: DueCall): void;
  end(key: string, page: PageState): void;
}

export interface LedgerPartitionParts {
  readonly writer: LedgerWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly operatorLog: Pick<OperatorLog, 'tell' | 'unwritten'>;
  readonly metrics: Metrics;
  readonly lease: Pick<Lease, 'mayWrite'>;
  readonly scheduler: WorkReceiver;
  readonly texts: Pick<PageTexts, 'keep'>;
  readonly terms: Terms;
  /** The totals of the whole instance. */
  readonly waiting: WaitingTotals;
}
