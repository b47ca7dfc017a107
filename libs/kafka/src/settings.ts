/** Where log lines go; `fields` never hold record values. */
export interface KafkaLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** Told what happens, by topic, so that a service can count it; every method is optional and must not throw. */
export interface KafkaObserver {
  /** A batch was dealt with and its offset committed. `lag` counts the records of the partition that are still unread. */
  consumed?(event: {
    group: string;
    topic: string;
    partition: number;
    records: number;
    lag: number;
    durationMs: number;
  }): void;
  /** Records went to the dead letters. */
  parked?(event: { group: string; topic: string; reason: string; records: number }): void;
  /** A batch will be delivered again. `handler`: it asked for it or threw; `kafka`: a dead letter could not be written. */
  retried?(event: { group: string; topic: string; origin: 'handler' | 'kafka' }): void;
  /** Records were acknowledged by every in-sync replica. */
  published?(event: { topic: string; records: number; bytes: number }): void;
  /** A publish was refused or given up. */
  publishFailed?(event: { topic: string; records: number }): void;
  /** The committed offset no longer exists: the reader starts again at the oldest record, some may be gone. */
  offsetReset?(event: { topic: string; partition: number }): void;
}

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: KafkaLog;
  readonly observer?: KafkaObserver;
  /** How long a start waits for a broker before it fails with BrokerUnreachableError. Default 30 s. */
  readonly connectTimeoutMs?: number;
  /**
   * The most that a record batch may take when it is decompressed, in bytes, and 256 for each record. What goes beyond is
   * parked unread. Default 64 MiB.
   */
  readonly maxDecompressedBytes?: number;
}
