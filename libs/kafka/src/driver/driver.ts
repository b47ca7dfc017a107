import type { FetchedMessage, TopicPartition } from './protocol/fetched-record.ts';
import type { ProduceOptions, ProducePart, ProducerIdentity } from './protocol/produce-request.ts';

export type { ProduceOptions, ProducePart, ProducerIdentity };

/** The port of a Kafka client for the publisher and for readers: connections to brokers, and the requests on them. */
export interface Driver {
  /** Connects, and learns the broker's API versions; rejects if that takes longer than 3 s. */
  connect(address: Address): Promise<BrokerConnection>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Of `host:port`. */
export function addressOf(broker: string): Address {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
}

/**
 * One connection to one broker, which serves its requests one after the other.
 *
 * A request that fails without an answer resets the connection, so that nothing of it is sent later.
 */
export interface BrokerConnection {
  readonly isOpen: boolean;
  metadata(topics: readonly string[]): Promise<ClusterMetadata>;
  initProducerId(): Promise<ProducerIdentity>;
  /** The broker's answer for each partition; with `compressed` there is one part. */
  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]>;
  /** What follows these offsets, as soon as there is something of any of them, or after `maxWaitMs`. */
  fetch(parts: readonly FetchPart[], options: FetchOptions): Promise<readonly FetchedPart[]>;
  /** Of each partition the first offset of that time or later; -1 where there is none. */
  offsets(of: readonly TopicPartition[], time: OffsetTime): Promise<readonly PartitionOffset[]>;
  /** Ends the connection at once; the operating system sends nothing more of it either. */
  reset(): void;
}

export interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  /** The name of the protocol's error; undefined: every in-sync replica has the records. */
  readonly error: string | undefined;
}

export interface FetchPart extends TopicPartition {
  readonly offset: number;
}

export interface FetchOptions {
  readonly maxWaitMs: number;
  /** The most bytes of an answer, and in it of a partition, if its first record batch is not larger. */
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
  /** The most bytes that a record batch may take when it is decompressed. Default 64 MiB. */
  readonly maxDecompressedBytes?: number | undefined;
}

export interface FetchedPart extends PartitionAnswer {
  readonly highWatermark: number;
  /** Whole record batches: they may begin before the offset that was asked for. The last stands where they end. */
  readonly messages: readonly FetchedMessage[];
}

/** Milliseconds since 1970, or a name of Kafka's. */
export type OffsetTime = number | 'earliest' | 'latest';

export interface PartitionOffset extends PartitionAnswer {
  readonly offset: number;
}

export interface ClusterMetadata {
  readonly brokers: ReadonlyMap<number, Address>;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

export interface TopicMetadata {
  /** The name of the protocol's error, where nothing is known of the topic. */
  readonly error: string | undefined;
  /** The leading broker of each partition; -1 where there is none now. */
  readonly leaders: readonly number[];
}
