import type { ConsumedHeaders, ConsumedRecord } from '../../record.ts';
import { ByteReader } from './byte-reader.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/**
 * A record as kafkajs passes it on, with numbers instead of strings of digits.
 *
 * Thousands of them wait in memory, so each is only a position in the answer: key, value and headers are decoded at each
 * access. A copy by spread lacks them. The bounds were checked before.
 */
export class FetchedRecord implements ConsumedRecord {
  constructor(
    readonly offset: number,
    readonly timestamp: number,
    private readonly bytes: Buffer,
    private readonly keyAt: number,
    readonly isControlRecord: boolean,
    private readonly from: TopicPartition,
  ) {}

  get topic(): string {
    return this.from.topic;
  }

  get partition(): number {
    return this.from.partition;
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

/** Replaces the records of a batch that cannot be read, at the batch's last offset. */
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
    /** The cause, as a sentence without a subject. */
    readonly detail: string,
  ) {}
}

export type FetchedMessage = FetchedRecord | UndecodableBatch;
