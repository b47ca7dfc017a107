/** Where log lines go; `fields` never hold record values. */
export interface KafkaLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** Callbacks for metrics, by topic; every method is optional and must not throw. */
export interface KafkaObserver {
  /** A batch was handled and its offset committed. `lag`: unread records of the partition. */
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
  /** A batch is delivered again. `handler`: it asked for it or threw; `kafka`: a dead letter could not be written. */
  retried?(event: { group: string; topic: string; origin: 'handler' | 'kafka' }): void;
  /** Records were acknowledged by every in-sync replica. */
  published?(event: { topic: string; records: number; bytes: number }): void;
  /** A publish was refused or given up. */
  publishFailed?(event: { topic: string; records: number }): void;
  /** The committed offset no longer exists: the reader starts at the oldest record, and some may be gone. */
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
   * The most bytes of a decompressed record batch, plus 256 for each record. The rest of a larger one is parked unread.
   * Default 64 MiB.
   */
  readonly maxDecompressedBytes?: number;
}
