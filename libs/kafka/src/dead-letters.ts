import { Publisher } from './publisher.ts';
import type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord } from './record.ts';
import type { KafkaSettings } from './settings.ts';

export const deadLetterTopicOf = (topic: string): string => `${topic}.dead`;

export interface DeadLetter {
  readonly record: ConsumedRecord;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
}

const maxDetailLength = 1024;

/** Header values are read on consoles: whatever is not printable ASCII is escaped, and the length is bounded. */
export const readable = (text: string): string =>
  text
    .slice(0, maxDetailLength)
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The record as it was, with the story of its failure in `x-dlq-*` headers. */
export function deadLetterOf(
  { record, reason, detail, attempts }: DeadLetter,
  by: { readonly group: string; readonly service: string; readonly now: Date },
  partitions: number,
): OutgoingRecord {
  return {
    topic: deadLetterTopicOf(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...withoutNulls(record.headers),
      'x-dlq-reason': readable(reason),
      'x-dlq-detail': readable(detail),
      'x-dlq-topic': record.topic,
      'x-dlq-partition': String(record.partition),
      'x-dlq-offset': String(record.offset),
      'x-dlq-timestamp': timeOf(record.timestamp),
      'x-dlq-group': by.group,
      'x-dlq-service': readable(by.service),
      'x-dlq-failed-at': by.now.toISOString(),
      'x-dlq-attempts': String(attempts),
    },
    ...(record.partition < partitions ? { partition: record.partition } : {}),
  };
}

// Producers may write any number as a timestamp.
const timeOf = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : BigInt(ms).toString());

// kafkajs reads a header without a value as null and cannot write one; such a record must still be parked.
const withoutNulls = (headers: ConsumedHeaders): Record<string, HeaderValue> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const values = [value].flat().map((each) => each ?? Buffer.alloc(0));
      return [name, Array.isArray(value) ? values : values[0]];
    }),
  );

/** Writes dead letters; what it has resolved is acknowledged by every in-sync replica. */
export class DeadLetters {
  // A batch of 8 MiB may hold one record that is far larger before compression; it must get through as it came.
  private readonly publisher: Publisher;
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
  ) {
    this.publisher = new Publisher(settings, { maxRecordBytes: 256 * 1024 * 1024, deliveryTimeoutMs: 15_000 });
  }

  /** The partition counts of the dead-letter topics: a record keeps its partition's number where there is such a one. */
  know(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
  }

  async write(letters: readonly DeadLetter[]): Promise<void> {
    const by = { group: this.group, service: this.settings.clientId, now: new Date() };
    await this.publisher.publish(
      letters.map((letter) => deadLetterOf(letter, by, this.counts.get(deadLetterTopicOf(letter.record.topic)) ?? 0)),
    );
    const { observer } = this.settings;
    for (const [topic, ofTopic] of Map.groupBy(letters, ({ record }) => record.topic)) {
      for (const [reason, { length }] of Map.groupBy(ofTopic, (letter) => letter.reason)) {
        observer?.parked?.({ group: this.group, topic, reason, records: length });
      }
    }
  }

  close(): Promise<void> {
    return this.publisher.close();
  }
}
