export type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** The value of a header as producers write it: may be null, and is an array if a name occurs several times. */
export type ConsumedHeaderValue = HeaderValue | null | (Buffer | string | null)[];
export type ConsumedHeaders = Readonly<Record<string, ConsumedHeaderValue>>;

/** A record as it is in the log; header values are bytes, or null. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, by the topic's timestamp type. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ConsumedHeaders;
}

/** A record to write, text as UTF-8. The key determines the partition if none is given. A null value is a tombstone. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly partition?: number;
}

/** Consecutive records of one partition, oldest first; never empty. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  /** The generation of the consumer group in which the batch was fetched; every rebalance increases it. */
  readonly generation: number;
  readonly records: readonly ConsumedRecord[];
}
