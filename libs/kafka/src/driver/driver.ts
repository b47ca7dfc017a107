import type { ProduceOptions, ProducePart, ProducerIdentity } from './protocol/produce-request.ts';

export type { ProduceOptions, ProducePart, ProducerIdentity };

/** The port of a Kafka client for the publisher: connections to brokers, and three requests on them. */
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
  /** Ends the connection at once; the operating system sends nothing more of it either. */
  reset(): void;
}

export interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  /** The name of the protocol's error; undefined: every in-sync replica has the records. */
  readonly error: string | undefined;
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
