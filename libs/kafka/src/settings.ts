import type { ConnectionOptions } from 'node:tls';

/**
 * The destination of log lines; `fields` never contain record values. It must bound the warnings and errors of each message:
 * a fault of Kafka repeats them for each attempt.
 */
export interface KafkaLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** What a consumer, a reader or a table knows about a topic; there may be several of one topic, such as one for each partition. */
export interface TopicState {
  readonly topic: string;
  /** The partitions to read that Kafka does not serve now. */
  readonly unread?: readonly number[];
  /** The number of partitions that this member of a group owns; 0 outside of the group. */
  readonly owned?: number;
  /** The number of partitions that the topic had when its consumer started; undefined before. */
  readonly partitions?: number | undefined;
  /** When the table last knew a partition to be read to its end, in ms since 1970; the start of the process if it never did. */
  readonly readAt?: number;
  /** The number of keys of a table whose latest record cannot be read. */
  readonly unreadableKeys?: number;
}

/** A consumer, a reader or a table: an observer may ask for its state at any time, from `opened` to `closed`. */
export interface Observed {
  /** The consumer group, if it is a member of one. */
  readonly group?: string;
  topicStates(): readonly TopicState[];
}

export const retryOrigins = ['handler', 'kafka'] as const;
export const offsetResetKinds = ['unread', 'again'] as const;

/** Callbacks for metrics, by topic; every method is optional and must not throw. */
export interface KafkaObserver {
  opened?(part: Observed): void;
  closed?(part: Observed): void;
  /** A member has joined its group, for the first time or in a rebalance. */
  joined?(event: { group: string }): void;
  /** A batch was handled and its offset committed. */
  consumed?(event: { group: string; topic: string; partition: number; records: number; durationMs: number }): void;
  /**
   * The number of unread records, as a batch arrives and as it is committed, and the time of the oldest of them or of the record
   * before it, in milliseconds since the epoch. Undefined records: the partition was lost.
   */
  lag?(event: { topic: string; partition: number; records: number | undefined; oldestAt: number | undefined }): void;
  /** Records were written to the dead letters. */
  parked?(event: { group: string; topic: string; reason: string; records: number }): void;
  /** A batch is delivered again. `handler`: the handler asked for it or threw; `kafka`: a dead letter failed. */
  retried?(event: { group: string; topic: string; origin: (typeof retryOrigins)[number] }): void;
  /** Records were acknowledged by every in-sync replica. */
  published?(event: { topic: string; records: number; bytes: number }): void;
  /** A publish was refused or given up. */
  publishFailed?(event: { topic: string; records: number }): void;
  /**
   * A reader continues at another offset than the committed one. `unread`: the committed offset no longer exists, and
   * records may have been deleted unread. `again`: committed records are delivered again.
   */
  offsetReset?(event: { topic: string; partition: number; kind: (typeof offsetResetKinds)[number] }): void;
}

/** Encryption and login; the functions are called for each connection, so that changed files take effect. */
export interface KafkaSecurity {
  /** Undefined: connections are not encrypted. */
  readonly tls: ((log: KafkaLog) => ConnectionOptions) | undefined;
  /** Undefined: the client is identified by its certificate, or not at all. */
  readonly sasl: SaslLogin | undefined;
}

export type SaslLogin =
  | { readonly mechanism: PasswordMechanism; readonly username: string; readonly password: () => string }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

export const passwordMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type PasswordMechanism = (typeof passwordMechanisms)[number];
export const saslMechanisms = [...passwordMechanisms, 'oauthbearer'] as const;

/** The settings for a broker without TLS and login: in a test, or on the same machine. */
export const plaintext: KafkaSecurity = { tls: undefined, sasl: undefined };

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Required, so that no caller omits it by mistake; `securityOf` reads it from the environment. */
  readonly security: KafkaSecurity;
  readonly log: KafkaLog;
  readonly observer?: KafkaObserver;
  /** How long a start waits for a broker, or for a partition of a table. Default 30 s. */
  readonly connectTimeoutMs?: number;
  /**
   * The limit for the decompressed bytes of a record batch plus 256 for each record. The records beyond it are not
   * decoded: the batch is parked for them. Default 64 MiB.
   */
  readonly maxDecompressedBytes?: number;
}
