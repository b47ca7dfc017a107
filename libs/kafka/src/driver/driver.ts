import type { OutgoingRecord } from '../record.ts';

/** What the publisher needs of a Kafka client: connections to brokers, and three requests on them. */
export interface Driver {
  /** Connects, and is told by a broker what it can do; rejects if that takes longer than 3 s. */
  connect(address: Address): Promise<BrokerLink>;
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
export interface BrokerLink {
  readonly isOpen: boolean;
  metadata(topics: readonly string[]): Promise<ClusterMetadata>;
  initProducerId(): Promise<ProducerIdentity>;
  /** What the broker says of each partition; with `compressed`, of one part alone. */
  produce(parts: readonly ProducePart[], options: ProduceOptions): Promise<readonly PartitionAnswer[]>;
  /** Ends the connection at once: what the operating system holds of it is not sent either. */
  reset(): void;
}

export interface ProduceOptions {
  readonly compressed: boolean;
  /** How long the broker waits for its replicas before it answers REQUEST_TIMED_OUT for a partition. */
  readonly acknowledgeWithinMs: number;
}

/** Under which a broker recognises a repetition: for each of them a partition counts sequence numbers of its own. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** Consecutive records of one partition: one record batch in the log. */
export interface ProducePart {
  readonly topic: string;
  readonly partition: number;
  readonly identity: ProducerIdentity;
  readonly firstSequence: number;
  readonly records: readonly OutgoingRecord[];
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
