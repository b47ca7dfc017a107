import { ByteAllowance } from './byte-allowance.ts';
import { RecordsRefusedError, RecordTooLargeError } from './errors.ts';
import { LogLimiter } from './log-limiter.ts';
import { Publisher } from './publisher.ts';
import type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord } from './record.ts';
import type { UndecodableBatch } from './record-batch.ts';
import type { KafkaSettings } from './settings.ts';

export const deadLetterTopicOf = (topic: string): string => `${topic}.dead`;

export interface DeadLetter {
  /** What is parked, at the offset that is to be named. */
  readonly record: ConsumedRecord;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  /** What else is to be said, in `x-dlq-*` headers. */
  readonly further?: Readonly<Record<`x-dlq-${string}`, string>>;
}

const undecodable = 'undecodable-batch';

/** A batch that cannot be decoded, parked whole, as it stands in the log. */
export function letterOfBatch(topic: string, partition: number, batch: UndecodableBatch): DeadLetter {
  const { raw, codec, detail, firstOffset, timestamp } = batch;
  return {
    record: { topic, partition, offset: firstOffset, timestamp, key: null, value: raw, headers: {} },
    reason: undecodable,
    detail: `the batch from offset ${firstOffset} to ${batch.offset} cannot be read: ${detail}; \`dead-letters replay --max-batch-mib\` opens it`,
    attempts: 1,
    further: {
      'x-dlq-codec': codec,
      'x-dlq-first-offset': String(firstOffset),
      'x-dlq-last-offset': String(batch.offset),
    },
  };
}

const maxDetailLength = 1024;

/** Header values are read on consoles: whatever is not printable ASCII is escaped, and the length is bounded. */
export const readable = (text: string): string =>
  text
    .slice(0, maxDetailLength)
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

interface Parker {
  readonly group: string;
  readonly service: string;
  readonly now: Date;
}

/** The record as it was, with the story of its failure in `x-dlq-*` headers. */
export function deadLetterOf(letter: DeadLetter, by: Parker, partitions: number): OutgoingRecord {
  const { topic, partition, key, value, headers } = letter.record;
  return {
    topic: deadLetterTopicOf(topic),
    key,
    value,
    headers: { ...written(headers), ...storyOf(letter, by) },
    ...(partition < partitions ? { partition } : {}),
  };
}

// Of a key that is longer than this, nobody would read more, and it may be what makes a letter too large.
const maxStubKeyBytes = 1024;

/** Stands for a record that cannot be a dead letter itself; the original stands in its topic until retention. */
export function stubOf(letter: DeadLetter, by: Parker, partitions: number): OutgoingRecord {
  const whole = deadLetterOf(letter, by, partitions);
  return {
    ...whole,
    key: whole.key && whole.key.length <= maxStubKeyBytes ? whole.key : null,
    value: null,
    headers: { ...storyOf(letter, by), 'x-dlq-stub': 'true', 'x-dlq-bytes': String(bytesOf(letter.record)) },
  };
}

const storyOf = ({ record, reason, detail, attempts, further }: DeadLetter, by: Parker) => ({
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
  ...further,
});

// Producers may write any number as a timestamp.
const timeOf = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : BigInt(ms).toString());

// A header without a value cannot be written, and such a record must still be parked; an empty one can. What a producer
// says in `x-dlq-*` headers would be taken for ours.
const written = (headers: ConsumedHeaders): Record<string, HeaderValue> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith('x-dlq-'))
      .map(([name, value]) => {
        const values = [value].flat().map((each) => each ?? Buffer.alloc(0));
        return [name, Array.isArray(value) ? values : values[0]];
      }),
  );

function bytesOf({ key, value, headers }: ConsumedRecord): number {
  const ofHeaders = Object.entries(headers).flatMap(([name, values]) => [name, ...[values].flat()]);
  return [key, value, ...ofHeaders].reduce((sum, each) => sum + Buffer.byteLength(each ?? ''), 0);
}

// A batch of 8 MiB may hold one record that is far larger before compression; it must get through as it came.
const maxRecordBytes = 256 * 1024 * 1024;
// So much of batches that nobody can read is kept of a minute: more is an attack, and would fill the disks.
const maxBatchBytes = 32 * 1024 * 1024;
const minuteMs = 60_000;
// A batch may hold hundreds of thousands of records that nobody wants.
const lettersAtOnce = 1000;
const maxLoggedKeyLength = 200;

/** Writes dead letters; what it has resolved is acknowledged by every in-sync replica. */
export class DeadLetters {
  private readonly limiter: LogLimiter;
  private readonly allowance = new ByteAllowance(maxBatchBytes, minuteMs);
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly publisher: Pick<Publisher, 'publish' | 'close'> = new Publisher(settings, {
      maxRecordBytes,
      deliveryTimeoutMs: 15_000,
    }),
  ) {
    this.limiter = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('More went to the dead letters than is logged', { group, leftOut });
    });
  }

  /** The partition counts of the dead-letter topics: a record keeps its partition's number where there is such a one. */
  know(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
  }

  /** What its topic will not take, and batches beyond a rate, leave a stub. */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    for (let at = 0; at < letters.length; at += lettersAtOnce) {
      await this.writeSome(letters.slice(at, at + lettersAtOnce));
    }
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  private async writeSome(letters: readonly DeadLetter[]): Promise<void> {
    const stubbed = new Set<DeadLetter>();
    let taken = 0;
    for (const letter of letters) {
      const bytes = letter.reason === undecodable ? (letter.record.value?.length ?? 0) : 0;
      if (this.allowance.take(bytes)) taken += bytes;
      else stubbed.add(letter);
    }
    try {
      await this.publish(letters, stubbed);
    } catch (error) {
      // They come again, with their batch.
      this.allowance.giveBack(taken);
      throw error;
    }
    for (const letter of letters) this.tell(letter, stubbed.has(letter));
    this.count(letters);
  }

  /** Adds to `stubbed` those whose topic will not take them. */
  private async publish(letters: readonly DeadLetter[], stubbed: Set<DeadLetter>): Promise<void> {
    const by = { group: this.group, service: this.settings.clientId, now: new Date() };
    const partitionsOf = (letter: DeadLetter) => this.counts.get(deadLetterTopicOf(letter.record.topic)) ?? 0;
    const stub = (letter: DeadLetter) => stubOf(letter, by, partitionsOf(letter));
    const whole = letters.filter((letter) => !stubbed.has(letter));
    const letterOf = new Map(whole.map((letter) => [deadLetterOf(letter, by, partitionsOf(letter)), letter]));
    const refused = await this.refusedOf([...letterOf.keys()]);
    for (const record of refused) stubbed.add(letterOf.get(record) as DeadLetter);
    // One that is refused as well is no record's fault but the topic's: the partition waits until that is mended.
    if (stubbed.size > 0) await this.publisher.publish([...stubbed].map(stub));
  }

  /** Writes all but those that their topic will never take, and answers these. */
  private async refusedOf(records: readonly OutgoingRecord[]): Promise<readonly OutgoingRecord[]> {
    try {
      await this.publisher.publish(records);
      return [];
    } catch (error) {
      if (error instanceof RecordsRefusedError) return error.refused.map(({ record }) => record);
      if (!(error instanceof RecordTooLargeError)) throw error;
      // It does not say which one.
      if (records.length === 1) return records;
      return (await Promise.all(records.map((record) => this.refusedOf([record])))).flat();
    }
  }

  private tell({ record, reason, detail }: DeadLetter, isStub: boolean): void {
    if (!this.limiter.admits('dead-letter')) return;
    const { topic, partition, offset, key } = record;
    const identity = key && readable(key.subarray(0, 4 * maxLoggedKeyLength).toString()).slice(0, maxLoggedKeyLength);
    this.settings.log.warn(isStub ? 'A dead letter without its original was written' : 'A dead letter was written', {
      ...{ group: this.group, topic, partition, offset, key: identity, reason, detail: readable(detail) },
      ...(isStub ? { bytes: bytesOf(record) } : {}),
    });
  }

  private count(letters: readonly DeadLetter[]): void {
    const { observer } = this.settings;
    for (const [topic, ofTopic] of Map.groupBy(letters, ({ record }) => record.topic)) {
      for (const [reason, { length }] of Map.groupBy(ofTopic, (letter) => letter.reason)) {
        observer?.parked?.({ group: this.group, topic, reason, records: length });
      }
    }
  }
}
