import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { LogLimiter } from '../log-limiter.ts';
import { Publisher, type PublisherHealth } from '../produce/publisher.ts';
import type { KafkaSettings } from '../settings.ts';
import { ByteRate } from './byte-rate.ts';
import { type DeadLetter, deadLetterOf, type Parker, readable } from './dead-letter.ts';
import { sizeOfOriginal } from './original-size.ts';
import { addTo, type Run, runOf, stubOfRun } from './stub.ts';

// A compressed batch of 8 MiB may hold a single record that is far larger uncompressed; such a record is kept whole.
const publisherOptions = { maxRecordBytes: 256 * 1024 * 1024, deliveryTimeoutMs: 15_000 };
// No event has more headers, and each header costs more work than its bytes suggest.
const maxHeaders = 1000;
// The bytes to keep in a minute, for small letters, for large ones, and for valid ones of floods. More of them would fill
// disks. Large letters and floods have limits of their own, so that they leave room for small ones.
const maxBytes = 32 * 1024 * 1024;
const largeBytes = 64 * 1024;
const minuteMs = 60_000;
// The cost of a letter beside its record: its own headers, and its share of the work.
const letterCostBytes = 1024;
const headerCostBytes = 10;
const lettersAtOnce = 1000;
const maxLoggedKeyLength = 200;

type LetterPublisher = Pick<Publisher, 'publish' | 'publishAccepted' | 'health' | 'close'>;
type RateName = 'small' | 'large' | 'flood';
const rateNameOf = ({ floodOf }: DeadLetter, bytes: number): RateName => {
  if (floodOf !== undefined) return 'flood';
  return bytes > largeBytes ? 'large' : 'small';
};

/** The letters beyond a rate that share a stub. */
const groupOf = (letter: DeadLetter, bytes: number): string =>
  [rateNameOf(letter, bytes), letter.reason, letter.floodOf].join(' ');

/** Writes dead letters; resolves when every in-sync replica has acknowledged them. */
export class DeadLetterWriter {
  private readonly limiter: LogLimiter;
  private readonly rates: Readonly<Record<RateName, ByteRate>> = {
    small: new ByteRate(maxBytes, minuteMs),
    large: new ByteRate(maxBytes, minuteMs),
    flood: new ByteRate(maxBytes, minuteMs),
  };
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly publisher: LetterPublisher = new Publisher(settings, publisherOptions),
  ) {
    this.limiter = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('More dead letters were written than were logged', { group, leftOut });
    });
  }

  /** Sets the partition counts of the dead-letter topics: a letter keeps its partition number if that exists. */
  know(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
  }

  /**
   * Writes letters of one partition. A letter that its topic refuses is replaced by a stub. The letters beyond the rate
   * are replaced by one stub for each rate, reason and flood.
   */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    const inOrder = letters.toSorted((a, b) => a.record.offset - b.record.offset);
    const runs: Run[] = [];
    const beyond = new Map<string, Run>();
    for (let at = 0; at < inOrder.length; at += lettersAtOnce) {
      runs.push(...(await this.writeSome(inOrder.slice(at, at + lettersAtOnce), beyond)));
    }
    runs.push(...beyond.values());
    const by = this.parker();
    // A topic that refuses even a stub is misconfigured: the partition waits until the topic is fixed.
    await this.publisher.publish(runs.map((run) => stubOfRun(run, by, this.partitionsFor(run.first))));
    for (const run of runs) this.log(run.first, run);
    this.count(letters);
  }

  health(): PublisherHealth {
    return this.publisher.health();
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** Returns the letters that need a stub each; adds the letters beyond the rate to `beyond`. */
  private async writeSome(letters: readonly DeadLetter[], beyond: Map<string, Run>): Promise<Run[]> {
    const whole: DeadLetter[] = [];
    const runs: Run[] = [];
    const taken = { small: 0, large: 0, flood: 0 };
    for (const letter of letters) {
      // There may be hundreds of thousands of letters: the size of the value classifies nearly all of them.
      const run = beyond.get(groupOf(letter, letter.record.value?.length ?? 0));
      if (run) {
        addTo(run, letter);
        continue;
      }
      const { bytes, headers } = sizeOfOriginal(letter.record);
      const isStub = headers > maxHeaders;
      const cost = letter.isSound ? 0 : letterCostBytes + (isStub ? 0 : bytes + headers * headerCostBytes);
      const rate = rateNameOf(letter, cost);
      if (!this.rates[rate].take(cost)) {
        const name = groupOf(letter, cost);
        const known = beyond.get(name);
        if (known) addTo(known, letter);
        else beyond.set(name, runOf(letter, bytes));
        continue;
      }
      taken[rate] += cost;
      if (isStub) runs.push(runOf(letter, bytes));
      else whole.push(letter);
    }
    try {
      return [...runs, ...(await this.writeWhole(whole))];
    } catch (error) {
      for (const [name, rate] of Object.entries(this.rates)) rate.giveBack(taken[name as RateName]);
      throw error;
    }
  }

  private parker(): Parker {
    return { group: this.group, service: this.settings.clientId, failedAt: new Date().toISOString() };
  }

  private partitionsFor({ record }: DeadLetter): number {
    return this.counts.get(deadLetterTopicOf(record.topic)) ?? 0;
  }

  /** Writes the letters, and returns those that their topic will never accept, each as its own run. */
  private async writeWhole(letters: readonly DeadLetter[]): Promise<Run[]> {
    const by = this.parker();
    const letterOf = new Map(letters.map((letter) => [deadLetterOf(letter, by, this.partitionsFor(letter)), letter]));
    const refused = await this.publisher.publishAccepted([...letterOf.keys()]);
    const runs = refused.map(({ record, detail }) => {
      const letter = letterOf.get(record) as DeadLetter;
      letterOf.delete(record);
      return { ...runOf(letter), refusal: detail };
    });
    for (const letter of letterOf.values()) this.log(letter);
    return runs;
  }

  private log({ record, reason, detail }: DeadLetter, run?: Run): void {
    if (!this.limiter.admits('dead-letter')) return;
    const { topic, partition, offset, key } = record;
    const identity = key && readable(key.subarray(0, 4 * maxLoggedKeyLength).toString()).slice(0, maxLoggedKeyLength);
    this.settings.log.warn(run ? 'A dead letter without its original was written' : 'A dead letter was written', {
      ...{ group: this.group, topic, partition, offset, key: identity, reason, detail: readable(detail) },
      ...(run ? { bytes: run.bytes, lastOffset: run.last.record.offset, letters: run.letters } : {}),
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
