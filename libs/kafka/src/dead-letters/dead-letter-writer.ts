import type { UndecodableBatch } from '../driver/protocol/record-batch.ts';
import { RecordsRefusedError } from '../errors.ts';
import { LogLimiter } from '../log-limiter.ts';
import { Publisher } from '../produce/publisher.ts';
import type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { ByteAllowance } from './byte-rate.ts';

export const deadLetterTopicOf = (topic: string): string => `${topic}.dead`;

export interface DeadLetter {
  /** What is parked, at the offset that is to be named. */
  readonly record: ConsumedRecord;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  /** It is kept whole, beyond the rate of the others. */
  readonly isSound?: boolean | undefined;
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

/** What one stub stands for: letters of one partition and one reason, from the first to the last. */
interface Run {
  readonly first: DeadLetter;
  /** Of the first one's record. */
  readonly bytes: number;
  last: DeadLetter;
  letters: number;
}

const runOf = (letter: DeadLetter, bytes = sizeOf(letter.record).bytes): Run => ({
  first: letter,
  bytes,
  last: letter,
  letters: 1,
});

/** Stands for records that are no dead letters themselves; the originals stand in their topic until retention. */
function stubOf({ first, bytes, last, letters }: Run, by: Parker, partitions: number): OutgoingRecord {
  const { topic, partition, key } = first.record;
  const isOne = letters === 1;
  return {
    topic: deadLetterTopicOf(topic),
    key: isOne && key && key.length <= maxStubKeyBytes ? key : null,
    value: null,
    headers: {
      ...storyOf(first, by),
      'x-dlq-stub': 'true',
      ...(isOne ? { 'x-dlq-bytes': String(bytes) } : extentOf(first, last, letters)),
    },
    ...(partition < partitions ? { partition } : {}),
  };
}

// Between the offsets there may be others, which were handled or have another reason.
const extentOf = (first: DeadLetter, last: DeadLetter, letters: number) => ({
  'x-dlq-first-offset': String(first.record.offset),
  'x-dlq-last-offset': last.further?.['x-dlq-last-offset'] ?? String(last.record.offset),
  'x-dlq-letters': String(letters),
});

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

/** The bytes of key, value and headers, and how many headers there are; in one go, since there may be very many. */
function sizeOf({ key, value, headers }: ConsumedRecord): { readonly bytes: number; readonly headers: number } {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  let count = 0;
  for (const [name, header] of Object.entries(headers)) {
    bytes += Buffer.byteLength(name);
    const values = Array.isArray(header) ? header : [header];
    for (const each of values) bytes += Buffer.byteLength(each ?? '');
    count += values.length;
  }
  return { bytes, headers: count };
}

// A batch of 8 MiB may hold one record that is far larger before compression; it must get through as it came.
const maxRecordBytes = 256 * 1024 * 1024;
// More headers are no event's, and take more work than their bytes.
const maxHeaders = 1000;
// So much is kept of a minute, of small letters and of large ones: more is an attack, or a broken producer, and would fill
// the disks and hold up the others. Large ones leave the small ones of others their room.
const maxBytes = 32 * 1024 * 1024;
const largeBytes = 64 * 1024;
const minuteMs = 60_000;
// What a letter takes beside its record: its own headers, and its part of the work.
const letterCostBytes = 1024;
const headerCostBytes = 10;
const lettersAtOnce = 1000;
const maxLoggedKeyLength = 200;

type Size = 'small' | 'large';
const sizeNameOf = (bytes: number): Size => (bytes > largeBytes ? 'large' : 'small');

/** Writes dead letters; what it has resolved is acknowledged by every in-sync replica. */
export class DeadLetters {
  private readonly limiter: LogLimiter;
  private readonly rates: Readonly<Record<Size, ByteAllowance>> = {
    small: new ByteAllowance(maxBytes, minuteMs),
    large: new ByteAllowance(maxBytes, minuteMs),
  };
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

  /**
   * Writes letters of one partition. One that its topic will not take leaves a stub; those beyond a rate leave one stub
   * for each reason, however many they are.
   */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    const inOrder = letters.toSorted((a, b) => a.record.offset - b.record.offset);
    const stubs: Run[] = [];
    const beyond = new Map<string, Run>();
    for (let at = 0; at < inOrder.length; at += lettersAtOnce) {
      stubs.push(...(await this.writeSome(inOrder.slice(at, at + lettersAtOnce), beyond)));
    }
    stubs.push(...beyond.values());
    // One that is refused as well is no record's fault but the topic's: the partition waits until that is mended.
    if (stubs.length > 0) {
      await this.publisher.publish(stubs.map((run) => stubOf(run, this.parker(), this.partitionsFor(run.first))));
    }
    for (const run of stubs) this.tell(run.first, run);
    this.count(letters);
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** Answers the stubs that some leave; what is beyond the rate is added to `beyond`, by its size and reason. */
  private async writeSome(letters: readonly DeadLetter[], beyond: Map<string, Run>): Promise<Run[]> {
    const whole: DeadLetter[] = [];
    const stubs: Run[] = [];
    const taken = { small: 0, large: 0 };
    for (const letter of letters) {
      const run = beyond.get(`${sizeNameOf(letter.record.value?.length ?? 0)} ${letter.reason}`);
      if (run) {
        // Not looked at any further: there may be hundreds of thousands.
        run.last = letter;
        run.letters += 1;
        continue;
      }
      const { bytes, headers } = sizeOf(letter.record);
      const isStub = headers > maxHeaders;
      const cost = letter.isSound ? 0 : letterCostBytes + (isStub ? 0 : bytes + headers * headerCostBytes);
      const size = sizeNameOf(cost);
      if (!this.rates[size].take(cost)) {
        beyond.set(`${size} ${letter.reason}`, runOf(letter, bytes));
        continue;
      }
      taken[size] += cost;
      if (isStub) stubs.push(runOf(letter, bytes));
      else whole.push(letter);
    }
    try {
      const refused = new Set(await this.refusedOf(whole));
      for (const letter of whole) if (!refused.has(letter)) this.tell(letter);
      return [...stubs, ...[...refused].map((letter) => runOf(letter))];
    } catch (error) {
      // They come again, with their batch.
      this.rates.small.giveBack(taken.small);
      this.rates.large.giveBack(taken.large);
      throw error;
    }
  }

  private parker(): Parker {
    return { group: this.group, service: this.settings.clientId, now: new Date() };
  }

  private partitionsFor({ record }: DeadLetter): number {
    return this.counts.get(deadLetterTopicOf(record.topic)) ?? 0;
  }

  /** Writes all but those that their topic will never take, and answers these. */
  private async refusedOf(letters: readonly DeadLetter[]): Promise<DeadLetter[]> {
    const by = this.parker();
    const letterOf = new Map(letters.map((letter) => [deadLetterOf(letter, by, this.partitionsFor(letter)), letter]));
    try {
      if (letters.length > 0) await this.publisher.publish([...letterOf.keys()]);
      return [];
    } catch (error) {
      if (!(error instanceof RecordsRefusedError)) throw error;
      return error.refused.map(({ record }) => letterOf.get(record) as DeadLetter);
    }
  }

  private tell({ record, reason, detail }: DeadLetter, stub?: Run): void {
    if (!this.limiter.admits('dead-letter')) return;
    const { topic, partition, offset, key } = record;
    const identity = key && readable(key.subarray(0, 4 * maxLoggedKeyLength).toString()).slice(0, maxLoggedKeyLength);
    this.settings.log.warn(stub ? 'A dead letter without its original was written' : 'A dead letter was written', {
      ...{ group: this.group, topic, partition, offset, key: identity, reason, detail: readable(detail) },
      ...(stub ? { bytes: stub.bytes, lastOffset: stub.last.record.offset, letters: stub.letters } : {}),
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
