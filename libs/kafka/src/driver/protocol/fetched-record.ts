import type { ConsumedHeaders, ConsumedRecord } from '../../record.ts';
import { ByteReader } from './byte-reader.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What is said once for all records of a batch, under names that kafkajs reads. */
export interface BatchContext extends TopicPartition {
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/**
 * A record as kafkajs hands it on, with numbers where kafkajs has texts of digits.
 *
 * Thousands of them wait for their turn, so each is no more than a place in the answer: key, value and headers are read
 * anew whenever they are asked for, since what they kept would outlive many collections. A copy by spread lacks them.
 * That they lie within the record has been looked at before.
 */
export class FetchedRecord implements ConsumedRecord {
  constructor(
    readonly offset: number,
    readonly timestamp: number,
    private readonly bytes: Buffer,
    private readonly keyAt: number,
    readonly isControlRecord: boolean,
    readonly batchContext: BatchContext,
  ) {}

  get topic(): string {
    return this.batchContext.topic;
  }

  get partition(): number {
    return this.batchContext.partition;
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

/** Stands, at the batch's last offset, for the records of a batch that cannot be read. */
export class UndecodableBatch {
  readonly key = null;
  readonly value = null;
  readonly headers = {};
  readonly isControlRecord = false;
  readonly batchContext = { producerId: '-1', inTransaction: false };

  constructor(
    readonly offset: number,
    readonly timestamp: number,
    readonly firstOffset: number,
    readonly raw: Buffer,
    readonly codec: string,
    /** Why, as one sentence without a subject. */
    readonly detail: string,
  ) {}
}

export type FetchedMessage = FetchedRecord | UndecodableBatch;
