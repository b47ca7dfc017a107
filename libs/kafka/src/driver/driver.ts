import type { ProduceOptions, ProducePart, ProducerIdentity } from './protocol/produce-request.ts';

export type { ProduceOptions, ProducePart, ProducerIdentity };

/** What the publisher needs of a Kafka client: connections to brokers, and three requests on them. */
export interface Driver {
  /** Connects, and is told by a broker what it can do; rejects if that takes longer than 3 s. */
  connect(address: Address): Promise<BrokerConnection>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * One connection to one broker, which serves its requests one after the other: whoever must not wait needs another.
 *
 * A request that fails without an answer resets the connection, so that nothing of it is sent any more.
 */
export interface BrokerConnection {
  readonly isOpen: boolean;
  metadata(topics: readonly string[]): Promise<ClusterMetadata>;
  initProducerId(): Promise<ProducerIdentity>;
  /** What the broker says of each partition; with `compressed`, of one part alone. */
  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]>;
  /** Ends the connection at once: what the operating system holds of it is not sent either. */
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
  /** Why nothing is known of it, by the name of the protocol's error. */
  readonly error: string | undefined;
  /** The leading broker of each partition; -1 where there is none now. */
  readonly leaders: readonly number[];
}
