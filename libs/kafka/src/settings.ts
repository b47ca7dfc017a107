import type { ConnectionOptions } from 'node:tls';

/** Where log lines go; `fields` never hold record values. */
export interface KafkaLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** Callbacks for metrics, by topic; every method is optional and must not throw. */
export interface KafkaObserver {
  /** A batch was handled and its offset committed. */
  consumed?(event: { group: string; topic: string; partition: number; records: number; durationMs: number }): void;
  /** So many records of a partition are unread: told as a batch comes and when it is committed. Undefined: it is another's. */
  lag?(event: { topic: string; partition: number; records: number | undefined }): void;
  /** Records went to the dead letters. */
  parked?(event: { group: string; topic: string; reason: string; records: number }): void;
  /** A batch is delivered again. `handler`: it asked for it or threw; `kafka`: a dead letter could not be written. */
  retried?(event: { group: string; topic: string; origin: 'handler' | 'kafka' }): void;
  /** Records were acknowledged by every in-sync replica. */
  published?(event: { topic: string; records: number; bytes: number }): void;
  /** A publish was refused or given up. */
  publishFailed?(event: { topic: string; records: number }): void;
  /**
   * A reader goes on elsewhere than at its committed offset. `unread`: that no longer exists, and records before the oldest
   * one may be gone. `again`: committed records come once more.
   */
  offsetReset?(event: { topic: string; partition: number; kind: 'unread' | 'again' }): void;
}

/** How connections are encrypted, and who opens them: asked anew for each connection, so that files may change meanwhile. */
export interface KafkaSecurity {
  /** Undefined: connections are not encrypted. */
  readonly tls: ((log: KafkaLog) => ConnectionOptions) | undefined;
  /** Undefined: who connects is told by its client certificate, or by nothing. */
  readonly sasl: SaslLogin | undefined;
}

export type SaslLogin =
  | { readonly mechanism: PasswordMechanism; readonly username: string; readonly password: () => string }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

export const passwordMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type PasswordMechanism = (typeof passwordMechanisms)[number];
export const saslMechanisms = [...passwordMechanisms, 'oauthbearer'] as const;

/** For a broker without TLS and without users: of a test, or on the same machine. */
export const plaintext: KafkaSecurity = { tls: undefined, sasl: undefined };

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Not optional, so that no connection forgets it; `securityOf` makes it of the environment. */
  readonly security: KafkaSecurity;
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
