import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { LogLimiter } from '../log-limiter.ts';
import { Publisher } from '../produce/publisher.ts';
import type { OutgoingRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { ByteRate } from './byte-rate.ts';
import { type DeadLetter, deadLetterOf, type Parker, readable } from './dead-letter.ts';
import { sizeOfOriginal } from './original-size.ts';
import { addTo, type Run, runOf, stubOf, stubOfRun } from './stub.ts';

// A batch of 8 MiB may hold one record that is far larger uncompressed; it is kept whole.
const maxRecordBytes = 256 * 1024 * 1024;
// No event has more headers, and they take more work than their bytes.
const maxHeaders = 1000;
// The bytes to keep in a minute, of small letters and of large ones: more comes from an attack or a broken producer, and
// would fill disks. Large letters have a limit of their own, to leave room for small ones.
const maxBytes = 32 * 1024 * 1024;
const largeBytes = 64 * 1024;
const minuteMs = 60_000;
// What a letter costs beside its record: its own headers, and its part of the work.
const letterCostBytes = 1024;
const headerCostBytes = 10;
const lettersAtOnce = 1000;
const maxLoggedKeyLength = 200;

type Size = 'small' | 'large';
const sizeNameOf = (bytes: number): Size => (bytes > largeBytes ? 'large' : 'small');

interface Stub {
  readonly run: Run;
  readonly record: OutgoingRecord;
}

/** Writes dead letters; resolves when every in-sync replica has acknowledged them. */
export class DeadLetterWriter {
  private readonly limiter: LogLimiter;
  private readonly rates: Readonly<Record<Size, ByteRate>> = {
    small: new ByteRate(maxBytes, minuteMs),
    large: new ByteRate(maxBytes, minuteMs),
  };
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly publisher: Pick<Publisher, 'publish' | 'publishAccepted' | 'close'> = new Publisher(settings, {
      maxRecordBytes,
      deliveryTimeoutMs: 15_000,
    }),
  ) {
    this.limiter = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('More went to the dead letters than is logged', { group, leftOut });
    });
  }

  /** The partition counts of the dead-letter topics: a record keeps its partition number where that exists. */
  know(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
  }

  /**
   * Writes letters of one partition. A letter that its topic refuses leaves a stub; those beyond the rate leave one stub
   * for each reason.
   */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    const inOrder = letters.toSorted((a, b) => a.record.offset - b.record.offset);
    const stubs: Stub[] = [];
    const beyond = new Map<string, Run>();
    for (let at = 0; at < inOrder.length; at += lettersAtOnce) {
      stubs.push(...(await this.writeSome(inOrder.slice(at, at + lettersAtOnce), beyond)));
    }
    stubs.push(...[...beyond.values()].map((run) => this.stubOfRun(run)));
    // A refused stub is the fault of the topic: the partition waits until that is mended.
    await this.publisher.publish(stubs.map(({ record }) => record));
    for (const { run } of stubs) this.log(run.first, run);
    this.count(letters);
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** Returns the stubs of refused letters; letters beyond the rate are added to `beyond`, by size and reason. */
  private async writeSome(letters: readonly DeadLetter[], beyond: Map<string, Run>): Promise<Stub[]> {
    const whole: DeadLetter[] = [];
    const stubs: Stub[] = [];
    const taken = { small: 0, large: 0 };
    for (const letter of letters) {
      // There may be hundreds of thousands: nearly all are told by their values alone.
      const run = beyond.get(`${sizeNameOf(letter.record.value?.length ?? 0)} ${letter.reason}`);
      if (run) {
        addTo(run, letter);
        continue;
      }
      const { bytes, headers } = sizeOfOriginal(letter.record);
      const isStub = headers > maxHeaders;
      const cost = letter.isSound ? 0 : letterCostBytes + (isStub ? 0 : bytes + headers * headerCostBytes);
      const size = sizeNameOf(cost);
      if (!this.rates[size].take(cost)) {
        const name = `${size} ${letter.reason}`;
        const known = beyond.get(name);
        if (known) addTo(known, letter);
        else beyond.set(name, runOf(letter, bytes));
        continue;
      }
      taken[size] += cost;
      if (isStub) stubs.push(this.stubOfRun(runOf(letter, bytes)));
      else whole.push(letter);
    }
    try {
      return [...stubs, ...(await this.writeWhole(whole))];
    } catch (error) {
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

  /** Returns the stubs of letters that their topic will never take. */
  private async writeWhole(letters: readonly DeadLetter[]): Promise<Stub[]> {
    const by = this.parker();
    const letterOf = new Map(letters.map((letter) => [deadLetterOf(letter, by, this.partitionsFor(letter)), letter]));
    const refused = await this.publisher.publishAccepted([...letterOf.keys()]);
    const stubs = refused.map(({ record, detail }) => {
      const letter = letterOf.get(record) as DeadLetter;
      letterOf.delete(record);
      return { run: runOf(letter), record: stubOf(record, detail) };
    });
    for (const letter of letterOf.values()) this.log(letter);
    return stubs;
  }

  private stubOfRun(run: Run): Stub {
    return { run, record: stubOfRun(run, this.parker(), this.partitionsFor(run.first)) };
  }

  private log({ record, reason, detail }: DeadLetter, stub?: Run): void {
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
