import type { OutgoingRecord } from '@pagebridge/contracts';
import type { Clock as ServiceClock } from '@pagebridge/vocabulary';
import type { BatchContents } from '../domain/batch.ts';
import type { StoredRecord } from '../domain/letter.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';

/** A replay that Kafka will never take, with the name of its dead letter. */
export interface Refused {
  readonly name: string;
  readonly detail: string;
}

export interface Bus {
  /** Passes every record that exists now, in the order of its partition. */
  read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void>;
  /** Opens a parked batch, up to so many bytes of records; never rejects. */
  openBatch(bytes: Buffer, maxBytes: number): Promise<BatchContents>;
  /**
   * Resolves to the refused ones, when every in-sync replica has acknowledged all others; when it rejects, some may be
   * written.
   */
  publish(records: readonly ReplayRecord[]): Promise<readonly Refused[]>;
  /** Resolves once the audit has the record. */
  audit(record: OutgoingRecord): Promise<void>;
}

export type Clock = Pick<ServiceClock, 'now' | 'sleep'>;
