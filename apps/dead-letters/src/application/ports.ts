import type { StoredRecord } from '../domain/letter.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';

/** Kafka, as far as it is needed here. */
export interface Bus {
  /** Hands over every record there is now, in the order of its partition. */
  read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void>;
  /** Resolves when all of them are acknowledged by every in-sync replica; when it rejects, some may be written. */
  publish(records: readonly ReplayRecord[]): Promise<void>;
}

export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>;
}
