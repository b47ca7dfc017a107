import { Injectable } from '@nestjs/common';
import type { Taken } from '@pagebridge/kafka';
import { counterOf, showGauge } from '@pagebridge/service';
import { type Counter, Registry } from 'prom-client';
import type { PartitionLag } from '../rows/reader.entity.ts';

/** Counts what is stored, and shows how far behind the history is. */
@Injectable()
export class ReadingMetrics {
  private readonly records: Counter;
  private readonly leftOut: Counter;
  private until = 0;
  private behind = 0;

  constructor(registry: Registry) {
    this.records = counterOf(registry, 'pagebridge_history_records_total', 'Records stored in the history.');
    const leftOut = 'Records that the history lacks, because they cannot be decoded or stored. The log names them.';
    this.leftOut = counterOf(registry, 'pagebridge_history_left_out_records_total', leftOut);
    const age = 'Seconds by which the history is behind. -1 on an instance that does not read the topics.';
    showGauge(registry, 'pagebridge_history_age_seconds', age, () =>
      this.until === 0 ? -1 : (Date.now() - this.until) / 1000,
    );
    const lag = 'Records in Kafka that are not stored in the history yet.';
    showGauge(registry, 'pagebridge_history_lag_records', lag, () => this.behind);
  }

  stored({ records, skipped }: Taken): void {
    this.records.inc(records.length);
    this.leftOut.inc(skipped.reduce((sum, of) => sum + of.records, 0));
  }

  noted(asOf: Date | null, lag: readonly PartitionLag[]): void {
    // A topic that cannot be read is told by the log and the answers; it may be that of one org.
    this.until = Math.min(Number(asOf), ...lag.flatMap(({ records, until }) => (records === null ? [] : until)));
    this.behind = lag.reduce((sum, { records }) => sum + (records ?? 0), 0);
  }
}
