import {
  Alerts,
  Connections,
  type Contract,
  deadLetterTopicOf,
  Handles,
  PageCommands,
  PageOutcomes,
  PageStates,
  UnroutedHandles,
} from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { call, type Destination, TopicWatch } from '@pagebridge/local-stack';
import type { DeadLetter, DestinationPage, Entry, History, Noted, Sent } from './audit/history.ts';
import { digestOf } from './load.ts';

/** Reads every topic from its beginning, and the destinations' pages: what an audit needs. */
export class Collector {
  readonly #watch: TopicWatch;
  readonly #destinations: readonly Destination[];

  constructor(brokers: string, destinations: readonly Destination[]) {
    this.#watch = new TopicWatch(brokers);
    this.#destinations = destinations;
  }

  start = (): Promise<void> => this.#watch.start();
  stop = (): Promise<void> => this.#watch.stop();

  /** How many records have been seen so far; not those of the ledger, which also notes what has been told already. */
  get seen(): number {
    const contracts = [Alerts, PageCommands, PageOutcomes, UnroutedHandles];
    return contracts.reduce((sum, { card }) => sum + this.#watch.recordsOf(card.topic).length, 0);
  }

  async history(sent: readonly Sent[]): Promise<History> {
    const pages = await Promise.all(this.#destinations.map(pagesOf));
    return {
      sent,
      connections: this.#noted(Connections),
      handles: this.#noted(Handles),
      alerts: this.#entries(Alerts),
      commands: this.#entries(PageCommands),
      unrouted: this.#entries(UnroutedHandles),
      outcomes: this.#entries(PageOutcomes),
      states: this.#entries(PageStates),
      deadLetters: [Alerts, PageCommands].flatMap(({ card }) =>
        this.#watch.recordsOf(deadLetterTopicOf(card.topic)).map((record) => deadLetterOf(card.topic, record)),
      ),
      pages: pages.flat(),
    };
  }

  #noted<Data>(contract: Contract<Data>): Noted<Data>[] {
    return this.#watch.recordsOf(contract.card.topic).map((record) => {
      const decoded = record.value === null ? undefined : contract.decode(record);
      const { timestamp } = record;
      return { key: String(record.key ?? ''), timestamp, ...(decoded?.ok ? { data: decoded.event.data } : {}) };
    });
  }

  #entries<Data>(contract: Contract<Data>): Entry<Data>[] {
    return this.#watch.eventsOf(contract).map(({ record, event }) => ({
      partition: record.partition,
      offset: record.offset,
      timestamp: record.timestamp,
      key: String(record.key ?? ''),
      eventId: event.id,
      digest: digestOf(record.value),
      data: event.data,
    }));
  }
}

function deadLetterOf(topic: string, record: ConsumedRecord): DeadLetter {
  const command = topic === PageCommands.card.topic ? PageCommands.decode(record) : undefined;
  const pageId = command?.ok && command.event.data.kind === 'page' ? command.event.data.pageId : undefined;
  return {
    topic,
    key: String(record.key ?? ''),
    digest: digestOf(record.value),
    reason: String(record.headers['x-dlq-reason'] ?? ''),
    ...(pageId ? { pageId } : {}),
  };
}

interface ShownPage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly status: string;
  readonly createdAt: string;
}

async function pagesOf({ org, controlUrl }: Destination): Promise<DestinationPage[]> {
  const { body } = await call<ShownPage[]>('GET', `${controlUrl}/pages`);
  return body.map(({ id, tags, status, createdAt }) => ({
    org,
    id,
    pageId: tags.find((tag) => tag.startsWith('page-id:'))?.slice('page-id:'.length) ?? '',
    tagged: tags.includes('possible-duplicate:true'),
    resolved: status === 'resolved',
    createdAt: Date.parse(createdAt),
  }));
}
