import { Injectable } from '@nestjs/common';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { counterOf, showGauge } from '@pagebridge/service';
import { type Counter, Registry } from 'prom-client';
import type { PartitionLag } from '../rows/reader.entity.ts';

/** Counts what is stored, and shows how far behind the history is. */
@Injectable()
export class ReadingMetrics {
  private readonly records: Counter;
  private readonly unreadable: Counter;
  private readonly left: Counter;
  private asOf: Date | null = null;
  private behind = 0;
  private undecodable = 0;

  constructor(registry: Registry) {
    this.records = counterOf(registry, 'pagebridge_history_records_total', 'Records that were stored in the history.');
    this.unreadable = counterOf(
      registry,
      'pagebridge_history_unreadable_batches_total',
      'Record batches that could not be decoded; the history lacks them, and the log names them.',
    );
    const refused = 'Records that the database refuses; the history lacks them, and the log names them.';
    this.left = counterOf(registry, 'pagebridge_history_refused_records_total', refused);
    const age = 'Seconds since the moment up to which everything is stored; -1 on an instance that does not read.';
    showGauge(registry, 'pagebridge_history_age_seconds', age, () =>
      this.asOf === null ? -1 : (Date.now() - this.asOf.getTime()) / 1000,
    );
    const lag = 'Records that are written and not stored in the history.';
    showGauge(registry, 'pagebridge_history_lag_records', lag, () => this.behind);
  }

  stored(records: readonly ConsumedRecord[]): void {
    this.records.inc(records.length);
  }

  /** `undecodable`: all batches so far that this reading has skipped. */
  skipped(undecodable: number): void {
    this.unreadable.inc(Math.max(0, undecodable - this.undecodable));
    this.undecodable = undecodable;
  }

  refused(): void {
    this.left.inc();
  }

  noted(asOf: Date | null, lag: readonly PartitionLag[]): void {
    this.asOf = asOf;
    this.behind = lag.reduce((sum, { records }) => sum + (records ?? 0), 0);
  }
}
