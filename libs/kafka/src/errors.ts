import type { OutgoingRecord } from './record.ts';

export type KafkaErrorCode =
  | 'KAFKA.BROKER_UNREACHABLE'
  | 'KAFKA.SECURITY'
  | 'KAFKA.MISSING_TOPICS'
  | 'KAFKA.WRONG_TOPICS'
  | 'KAFKA.TOO_FEW_BROKERS'
  | 'KAFKA.RECORDS_REFUSED'
  | 'KAFKA.DELIVERY_FAILED'
  | 'KAFKA.DELIVERY_TIMEOUT'
  | 'KAFKA.ABORTED'
  | 'KAFKA.CLOSED'
  | 'KAFKA.CONSUMER_DEAD';

/** A failed request to Kafka. `retriable`: the cause is an outage or a setting, not the record. */
export class KafkaError extends Error {
  constructor(
    readonly code: KafkaErrorCode,
    readonly retriable: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class BrokerUnreachableError extends KafkaError {
  constructor(brokers: readonly string[], cause: unknown, hint = '') {
    const message = `No Kafka broker answers at ${brokers.join(', ')}${because(cause)}${hint}`;
    super('KAFKA.BROKER_UNREACHABLE', true, message, { cause });
  }
}

/** A wrong certificate or login, or a missing right; the message names it. Retriable: operators can fix it. */
export class SecurityError extends KafkaError {
  constructor(message: string) {
    super('KAFKA.SECURITY', true, message);
  }
}

export class MissingTopicsError extends KafkaError {
  constructor(readonly topics: readonly string[]) {
    const message = `Missing on Kafka: ${topics.join(', ')}; create them with \`pagebridge topics create\``;
    super('KAFKA.MISSING_TOPICS', true, message);
  }
}

/** Topics that lose records or their order; the message names each with its cure. */
export class WrongTopicsError extends KafkaError {
  constructor(faults: readonly { readonly text: string }[]) {
    super('KAFKA.WRONG_TOPICS', false, faults.map(({ text }) => text).join('; '));
  }
}

export class TooFewBrokersError extends KafkaError {
  constructor(replicationFactor: number, brokers: number) {
    const cure = `lower the replication factor to ${brokers}, or add brokers`;
    const message = `a replication factor of ${replicationFactor} needs ${replicationFactor} brokers, and the cluster has ${brokers}: ${cure}`;
    super('KAFKA.TOO_FEW_BROKERS', false, message);
  }
}

/** A record that Kafka will never accept, because it is too large or invalid. */
export interface RefusedRecord {
  readonly record: OutgoingRecord;
  readonly detail: string;
}

export class RecordsRefusedError extends KafkaError {
  constructor(readonly refused: readonly RefusedRecord[]) {
    super('KAFKA.RECORDS_REFUSED', false, refused.map(({ detail }) => detail).join('; '));
  }
}

/** Records were not acknowledged in time; they may be in the log or not. */
export class DeliveryTimeoutError extends KafkaError {
  constructor(topics: readonly string[], timeoutMs: number, cause?: unknown) {
    const message = `Kafka did not acknowledge records for ${topics.join(', ')} within ${timeoutMs} ms${because(cause)}`;
    super('KAFKA.DELIVERY_TIMEOUT', true, message, { cause });
  }
}

const because = (cause: unknown): string => (cause instanceof Error ? `: ${cause.message}` : '');
