import type { OutgoingRecord } from '@pagebridge/contracts';
import type { Clock as ServiceClock } from '@pagebridge/vocabulary';
import type { BatchContents } from '../domain/batch.ts';
import type { StoredRecord } from '../domain/letter.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';

/** A replay that Kafka refuses permanently, with the name of its dead letter. */
export interface Refused {
  readonly name: string;
  readonly detail: string;
}

export interface Bus {
  /** Passes every record that exists now, in the order of its partition. */
  read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void>;
  /** Opens a parked batch, up to `maxBytes` of decompressed records; never rejects. */
  openBatch(bytes: Buffer, maxBytes: number): Promise<BatchContents>;
  /** Returns the records of a partition that still exist, from one offset to another. */
  readRange(topic: string, partition: number, first: number, last: number): Promise<StoredRecord[]>;
  /**
   * Resolves to the refused records once every in-sync replica has acknowledged all others. If it rejects, some records
   * may have been written.
   */
  publish(records: readonly ReplayRecord[]): Promise<readonly Refused[]>;
  /** Resolves once the record is written to the audit topic. */
  audit(record: OutgoingRecord): Promise<void>;
}

export type Clock = Pick<ServiceClock, 'now' | 'sleep'>;
