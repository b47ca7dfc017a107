import type { ConsumedHeaders, ConsumedRecord } from '../../record.ts';
import { ByteReader } from './byte-reader.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** A record batch as it is in the log, of which all or some records can be read. */
export interface RawBatch extends TopicPartition {
  readonly raw: Buffer;
  readonly codec: string;
}

/**
 * A record in the shape that kafkajs passes on, but with a numeric offset and timestamp.
 *
 * Thousands of records wait in memory, so each is only a position in the answer: key, value and headers are decoded at
 * each access, and a spread copy lacks them. `readBatch` has already checked the lengths.
 */
export class FetchedRecord implements ConsumedRecord {
  constructor(
    readonly offset: number,
    readonly timestamp: number,
    private readonly bytes: Buffer,
    private readonly keyAt: number,
    readonly isControlRecord: boolean,
    readonly batch: RawBatch,
  ) {}

  get topic(): string {
    return this.batch.topic;
  }

  get partition(): number {
    return this.batch.partition;
  }

  get key(): Buffer | null {
    return new ByteReader(this.bytes, this.keyAt).block();
  }

  get value(): Buffer | null {
    const reader = new ByteReader(this.bytes, this.keyAt);
    reader.skipBlock();
    return reader.block();
  }

  get headers(): ConsumedHeaders {
    const reader = new ByteReader(this.bytes, this.keyAt);
    reader.skipBlock();
    reader.skipBlock();
    return reader.headers();
  }
}

/** Stands for the records of a batch that cannot be read; has the last offset of the batch. */
export class UndecodableBatch {
  readonly key = null;
  readonly value = null;
  readonly headers = {};
  readonly isControlRecord = false;

  constructor(
    readonly offset: number,
    readonly timestamp: number,
    readonly firstOffset: number,
    readonly raw: Buffer,
    readonly codec: string,
    /** The cause, as a sentence that follows a colon. */
    readonly detail: string,
  ) {}
}

export type FetchedMessage = FetchedRecord | UndecodableBatch;
