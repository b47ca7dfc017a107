import { cureOfLetter, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Publisher, type PublisherHealth } from '../produce/publisher.ts';
import type { KafkaSettings } from '../settings.ts';
import { type DeadLetter, deadLetterOf, readable } from './dead-letter.ts';
import { floodsAsBatches } from './flood.ts';
import { stubOf } from './stub.ts';

// A compressed batch of 8 MiB may hold a single record that is far larger uncompressed; such a record is kept whole.
const publisherOptions = { maxRecordBytes: 256 * 1024 * 1024, deliveryTimeoutMs: 15_000 };
// Bounds the memory: valid records may be parked in any number.
const lettersAtOnce = 1000;
const maxLoggedKeyLength = 200;

type LetterPublisher = Pick<Publisher, 'publish' | 'publishAccepted' | 'health' | 'close'>;

/** Writes dead letters; resolves when every in-sync replica has acknowledged them. */
export class DeadLetterWriter {
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly publisher: LetterPublisher = new Publisher(settings, publisherOptions),
  ) {}

  /** Sets the partition counts of the dead-letter topics: a letter keeps its partition number if that exists. */
  know(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
  }

  /** Writes letters of one partition, those of a flood as record batches. A letter that its topic refuses becomes a stub. */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    const inOrder = floodsAsBatches(letters).toSorted((a, b) => a.record.offset - b.record.offset);
    for (let at = 0; at < inOrder.length; at += lettersAtOnce) {
      await this.writeSome(inOrder.slice(at, at + lettersAtOnce));
    }
    this.count(letters);
  }

  health(): PublisherHealth {
    return this.publisher.health();
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  private async writeSome(letters: readonly DeadLetter[]): Promise<void> {
    const by = { group: this.group, service: this.settings.clientId, failedAt: new Date().toISOString() };
    const partitionsFor = (topic: string) => this.counts.get(deadLetterTopicOf(topic)) ?? 0;
    const letterOf = new Map(letters.map((each) => [deadLetterOf(each, by, partitionsFor(each.record.topic)), each]));
    const refused = await this.publisher.publishAccepted([...letterOf.keys()]);
    const stubs = new Map(refused.map(({ record, detail }) => [record, stubOf(record, detail)]));
    // A topic that refuses even a stub is misconfigured: the partition waits until the topic is fixed.
    await this.publisher.publish([...stubs.values()]);
    for (const [record, letter] of letterOf) this.log(letter, stubs.has(record));
  }

  private log({ record, reason, detail }: DeadLetter, isStub: boolean): void {
    const { topic, partition, offset, key } = record;
    const identity = key && readable(key.subarray(0, 4 * maxLoggedKeyLength).toString()).slice(0, maxLoggedKeyLength);
    const why = { reason, detail: readable(detail), cure: cureOfLetter(reason) };
    const fields = { group: this.group, topic, partition, offset, key: identity, ...why };
    this.settings.log.warn(isStub ? 'dead letter written without original record' : 'dead letter written', fields);
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
