import { Inject, Injectable } from '@nestjs/common';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import { type Counter, Registry } from 'prom-client';
import { counterOf } from '../metrics.ts';
import { LOG } from '../tokens.ts';

/** Counts and logs unreadable records of tables. They get no dead letters, since every reader of the table would write one. */
@Injectable()
export class UnreadableRecords {
  private readonly records: Counter<'topic'>;
  constructor(
    registry: Registry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const help = 'Records of compacted topics that this service could not read and skipped.';
    this.records = counterOf(registry, 'pagebridge_unreadable_table_records_total', help, 'topic');
  }

  readonly tell = ({ topic, partition, offset }: ConsumedRecord, detail: string): void => {
    this.records.inc({ topic });
    this.log.error({ topic, partition, offset, detail }, 'unreadable table record skipped');
  };
}
