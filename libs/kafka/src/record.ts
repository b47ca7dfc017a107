import type { KafkaMessage } from 'kafkajs';

export type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** A record as it stands in the log; header values are bytes. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, by the topic's timestamp type. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
}

/** A record to be written; the key decides the partition unless one is given. A null value is a tombstone. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
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

export const recordOf = (topic: string, partition: number, message: KafkaMessage): ConsumedRecord => {
  const { offset, timestamp, key, value, headers = {} } = message;
  return { topic, partition, offset: Number(offset), timestamp: Number(timestamp), key, value, headers };
};

/** The same with its headers read when they are asked for, which the reader of a table never does; a copy has none. */
export const tableRecordOf = (topic: string, partition: number, message: KafkaMessage): ConsumedRecord =>
  new TableRecord(topic, partition, message);

class TableRecord implements ConsumedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly #message: KafkaMessage;

  constructor(
    readonly topic: string,
    readonly partition: number,
    message: KafkaMessage,
  ) {
    this.offset = Number(message.offset);
    this.timestamp = Number(message.timestamp);
    this.key = message.key;
    this.value = message.value;
    this.#message = message;
  }

  get headers(): ConsumedRecord['headers'] {
    return this.#message.headers ?? {};
  }
}
