export type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** A header as producers write them: perhaps without a value, perhaps several of one name. */
export type ConsumedHeaderValue = HeaderValue | null | (Buffer | string | null)[];
export type ConsumedHeaders = Readonly<Record<string, ConsumedHeaderValue>>;

/** A record as it stands in the log; header values are bytes, or null. */
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

/** A record to write, text as UTF-8; the key decides the partition unless one is given. A null value is a tombstone. */
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
  /** The consumer group's generation in which the batch was fetched; grows with every rebalance. */
  readonly generation: number;
  readonly records: readonly ConsumedRecord[];
}
