import type { FetchedMessage, TopicPartition } from './protocol/fetched-record.ts';
import type { ProduceOptions, ProducePart, ProducerIdentity } from './protocol/produce-request.ts';
import type { TopicRight } from './protocol/topic-rights.ts';

export type { ProduceOptions, ProducePart, ProducerIdentity };

/** The port to a Kafka client for the publisher and for readers: connections to brokers, and requests on them. */
export interface Driver {
  /** Connects and requests the broker's API versions; rejects after 3 s. */
  connect(address: Address): Promise<BrokerConnection>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Parses `host:port`. */
export function addressOf(broker: string): Address {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
}

/**
 * A connection to one broker, which processes the requests of a connection one after the other.
 *
 * A request that fails without an answer resets the connection, so that no part of it is sent later.
 */
export interface BrokerConnection {
  readonly isOpen: boolean;
  metadata(topics: readonly string[]): Promise<ClusterMetadata>;
  /** Returns the rights of this client on each of these topics. */
  rights(topics: readonly string[]): Promise<ReadonlyMap<string, readonly TopicRight[]>>;
  /** Returns the values of these settings for each topic, none if it does not exist; undefined if this client may not describe it. */
  configs(topics: readonly string[], names: readonly string[]): Promise<TopicConfigs>;
  initProducerId(): Promise<ProducerIdentity>;
  /** Returns the broker's answer for each partition. With `compressed`, there is only one part. */
  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]>;
  /** Returns the records from these offsets on, as soon as any partition has some, or after `maxWaitMs`. */
  fetch(parts: readonly FetchPart[], options: FetchOptions): Promise<readonly FetchedPart[]>;
  /** Returns for each partition the first offset at that time or later; -1 if there is none. */
  offsets(partitions: readonly TopicPartition[], time: OffsetTime): Promise<readonly PartitionOffset[]>;
  /** Ends the connection at once; the operating system discards unsent data. */
  reset(): void;
}

export interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  /** The name of the protocol error; undefined: success, for a write on every in-sync replica. */
  readonly error: string | undefined;
}

export type TopicConfigs = ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;

export interface FetchPart extends TopicPartition {
  readonly offset: number;
}

export interface FetchOptions {
  readonly maxWaitMs: number;
  /** The maximum bytes of an answer, and of each partition in it, unless the first record batch is larger. */
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
  /** The limit for a decompressed record batch. Default 64 MiB. */
  readonly maxDecompressedBytes?: number | undefined;
}

export interface FetchedPart extends PartitionAnswer {
  readonly highWatermark: number;
  /** Whole record batches, so they may begin before the requested offset. The last message is at their last offset. */
  readonly messages: readonly FetchedMessage[];
}

/** Milliseconds since the epoch, or one of Kafka's named times. */
export type OffsetTime = number | 'earliest' | 'latest';

export interface PartitionOffset extends PartitionAnswer {
  readonly offset: number;
  /** That of the record at the offset, if a time was asked for; otherwise -1. */
  readonly timestamp: number;
}

export interface ClusterMetadata {
  readonly brokers: ReadonlyMap<number, Address>;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

export interface TopicMetadata {
  /** The name of the protocol error, if the topic has no metadata. */
  readonly error: string | undefined;
  /** The id of the broker that leads each partition; -1 if a partition has no leader now. */
  readonly leaders: readonly number[];
}
