import type { OutgoingRecord } from './record.ts';

export const kafkaErrorCodes = [
  'KAFKA.BROKER_UNREACHABLE',
  'KAFKA.SECURITY',
  'KAFKA.MISSING_TOPICS',
  'KAFKA.WRONG_PARTITION_COUNT',
  'KAFKA.TOO_FEW_BROKERS',
  'KAFKA.RECORDS_REFUSED',
  'KAFKA.DELIVERY_FAILED',
  'KAFKA.DELIVERY_TIMEOUT',
  'KAFKA.ABORTED',
  'KAFKA.CLOSED',
  'KAFKA.CONSUMER_DEAD',
] as const;
export type KafkaErrorCode = (typeof kafkaErrorCodes)[number];

/** Kafka refused something or did not do it; `retriable`: because of an outage or a setting, not of the record. */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError';
  constructor(
    readonly code: KafkaErrorCode,
    readonly retriable: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export class BrokerUnreachableError extends KafkaError {
  override readonly name = 'BrokerUnreachableError';
  constructor(brokers: readonly string[], cause: unknown, hint = '') {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    super('KAFKA.BROKER_UNREACHABLE', true, `No Kafka broker answers at ${brokers.join(', ')}${why}${hint}`, { cause });
  }
}

/** A certificate, a login or a right is wrong: the message names the variable or the right. Somebody can mend it meanwhile. */
export class SecurityError extends KafkaError {
  override readonly name = 'SecurityError';
  constructor(message: string) {
    super('KAFKA.SECURITY', true, message);
  }
}

export class MissingTopicsError extends KafkaError {
  override readonly name = 'MissingTopicsError';
  constructor(readonly topics: readonly string[]) {
    super(
      'KAFKA.MISSING_TOPICS',
      true,
      `Missing on Kafka: ${topics.join(', ')}; create them with the program \`topics\``,
    );
  }
}

export interface PartitionMismatch {
  readonly topic: string;
  readonly expected: number;
  readonly actual: number;
}

export class WrongPartitionCountError extends KafkaError {
  override readonly name = 'WrongPartitionCountError';
  constructor(readonly mismatches: readonly PartitionMismatch[]) {
    const each = mismatches.map((m) => `${m.topic} has ${m.actual} partitions instead of ${m.expected}`);
    super('KAFKA.WRONG_PARTITION_COUNT', false, `${each.join('; ')}: keys would lose their order; recreate the topic`);
  }
}

export class TooFewBrokersError extends KafkaError {
  override readonly name = 'TooFewBrokersError';
  constructor(replicationFactor: number, brokers: number) {
    const cure = `ask for a replication factor of ${brokers} at most, or add brokers`;
    super(
      'KAFKA.TOO_FEW_BROKERS',
      false,
      `${replicationFactor} copies need as many brokers, there are ${brokers}: ${cure}`,
    );
  }
}

/** A record that Kafka will never take: it is too large, or not valid. */
export interface RefusedRecord {
  readonly record: OutgoingRecord;
  readonly detail: string;
}

export class RecordsRefusedError extends KafkaError {
  override readonly name = 'RecordsRefusedError';
  constructor(readonly refused: readonly RefusedRecord[]) {
    super('KAFKA.RECORDS_REFUSED', false, refused.map(({ detail }) => detail).join('; '));
  }
}

/** Records that were not acknowledged in time: they may be in the log or not. */
export class DeliveryTimeoutError extends KafkaError {
  override readonly name = 'DeliveryTimeoutError';
  constructor(topics: readonly string[], timeoutMs: number, cause?: unknown) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    super('KAFKA.DELIVERY_TIMEOUT', true, `Not acknowledged within ${timeoutMs} ms for ${topics.join(', ')}${why}`, {
      cause,
    });
  }
}
