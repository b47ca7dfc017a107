import { type Contract, cards, type Event } from '@pagebridge/contracts';
import { type ConsumedRecord, TableView } from '@pagebridge/kafka';
import { type WaitOptions, waitFor } from '@pagebridge/testing';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type KafkaPlace, kafkaSettings } from './kafka-settings.ts';

/** A record with its decoded event. */
export interface Seen<Data> {
  readonly record: ConsumedRecord;
  readonly event: Event<Data>;
}

export const allTopics: readonly string[] = cards.flatMap(({ topic, deadLetter }) =>
  deadLetter ? [topic, deadLetterTopicOf(topic)] : [topic],
);

/** Reads every topic from its beginning, and keeps all records in memory. */
export class TopicWatch {
  readonly #view: TableView;
  readonly #records = new Map<string, ConsumedRecord[]>();
  /** The decoded events by topic. Waiting code polls often, so each record is decoded once. */
  readonly #events = new Map<string, { seen: Seen<unknown>[]; decoded: number }>();

  constructor(place: KafkaPlace, topics: readonly string[] = allTopics) {
    this.#view = new TableView(kafkaSettings(place, 'pagebridge-watch', 'admin'), {
      topics,
      onRecord: (record) => void this.recordsOf(record.topic).push(record),
    });
  }

  start = (): Promise<void> => this.#view.start();
  stop = (): Promise<void> => this.#view.stop();

  /** Returns the records of a topic so far, oldest first within a partition. */
  recordsOf(topic: string): ConsumedRecord[] {
    const records = this.#records.get(topic) ?? [];
    this.#records.set(topic, records);
    return records;
  }

  /** Returns the matching events of a topic; skips undecodable records and tombstones. */
  eventsOf<Data>(contract: Contract<Data>, where: (data: Data) => boolean = () => true): Seen<Data>[] {
    const { topic } = contract.card;
    const events = this.#events.get(topic) ?? { seen: [], decoded: 0 };
    this.#events.set(topic, events);
    const records = this.recordsOf(topic);
    for (const record of records.slice(events.decoded)) {
      const decoded = contract.decode(record);
      if (decoded.ok) events.seen.push({ record, event: decoded.event });
    }
    events.decoded = records.length;
    return (events.seen as Seen<Data>[]).filter(({ event }) => where(event.data));
  }

  /** Waits for a matching event. */
  waitForEvent<Data>(
    contract: Contract<Data>,
    what: string,
    where: (data: Data) => boolean,
    options: WaitOptions = {},
  ): Promise<Seen<Data>> {
    return waitFor(`${what} on ${contract.card.topic}`, () => this.eventsOf(contract, where)[0], {
      lastSeen: () =>
        this.eventsOf(contract)
          .slice(-3)
          .map(({ event }) => event.data),
      ...options,
    });
  }

  /** Waits for a matching record, decodable or not. */
  waitForRecord(
    topic: string,
    what: string,
    where: (record: ConsumedRecord) => boolean,
    options: WaitOptions = {},
  ): Promise<ConsumedRecord> {
    return waitFor(`${what} on ${topic}`, () => this.recordsOf(topic).find(where), {
      lastSeen: () =>
        this.recordsOf(topic)
          .slice(-3)
          .map(({ offset, partition, key }) => ({ partition, offset, key: key?.toString() })),
      ...options,
    });
  }
}
