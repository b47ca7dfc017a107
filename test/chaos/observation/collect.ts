import {
  type Alert,
  Alerts,
  Connections,
  type Contract,
  Handles,
  orgAlertTopicOf,
  PageCommands,
  PageOutcomes,
  PageStates,
  UnroutedHandles,
} from '@pagebridge/contracts';
import type { ConsumedHeaders, ConsumedRecord } from '@pagebridge/kafka';
import { allTopics, call, type Destination, type KafkaPlace, TopicWatch } from '@pagebridge/local-stack';
import { deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import type {
  DeadLetter,
  DestinationPage,
  DestinationTeam,
  Entry,
  History,
  HostileRecord,
  OriginalPlace,
  Sent,
  TableRecord,
} from '../audit/history.ts';
import { digestOf } from '../load.ts';
import { alertLog, type LoggedRecord } from './alert-log.ts';

/** The sources of an audit. */
export interface Sources {
  readonly kafka: KafkaPlace;
  /** The folder of the partitions, for each broker. */
  readonly brokerFolders: readonly string[];
  readonly destinations: readonly Destination[];
  /** The source orgs with their own alert topic. */
  readonly topicOwners: readonly string[];
}

/** Reads every topic from its beginning, and the pages of the destinations. */
export class Collector {
  readonly #watch: TopicWatch;
  readonly #brokerFolders: readonly string[];
  readonly #destinations: readonly Destination[];
  readonly #alertTopics: readonly string[];
  #logged = 0;

  constructor({ kafka, brokerFolders, destinations, topicOwners }: Sources) {
    this.#alertTopics = [Alerts.card.topic, ...topicOwners.map(orgAlertTopicOf)];
    // No client can be expected to read all of the alerts topic.
    const topics = allTopics.filter((topic) => topic !== Alerts.card.topic);
    this.#watch = new TopicWatch(kafka, [...new Set([...topics, ...this.#deadAlerts])]);
    this.#brokerFolders = brokerFolders;
    this.#destinations = destinations;
  }

  start = (): Promise<void> => this.#watch.start();
  stop = (): Promise<void> => this.#watch.stop();

  /** The number of records so far, without those of the ledger, which also contain published outcomes. */
  get seen(): number {
    const topics = [PageCommands, PageOutcomes, UnroutedHandles].map(({ card }) => card.topic);
    const watched = [...topics, ...this.#deadAlerts];
    return watched.reduce((sum, topic) => sum + this.#watch.recordsOf(topic).length, this.#logged);
  }

  async history(sent: readonly Sent[]): Promise<History> {
    const pages = await Promise.all(this.#destinations.map(pagesOf));
    const teams = await Promise.all(this.#destinations.map(teamsIn));
    const log = alertLog(this.#brokerFolders, this.#alertTopics);
    this.#logged = log.length;
    return {
      sent,
      ...sorted(log, sent),
      connections: this.#noted(Connections),
      handles: this.#noted(Handles),
      commands: this.#entries(PageCommands),
      unrouted: this.#entries(UnroutedHandles),
      outcomes: this.#entries(PageOutcomes),
      states: this.#entries(PageStates),
      deadLetters: [...this.#alertTopics, PageCommands.card.topic].flatMap((topic) =>
        this.#watch.recordsOf(deadLetterTopicOf(topic)).map((record) => deadLetterOf(topic, record)),
      ),
      pages: pages.flat(),
      teams: teams.flat(),
    };
  }

  get #deadAlerts(): string[] {
    return this.#alertTopics.map(deadLetterTopicOf);
  }

  #noted<Data>(contract: Contract<Data>): TableRecord<Data>[] {
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

/** Splits the records into alerts of the load, identified by their bytes, and hostile records. */
function sorted(log: readonly LoggedRecord[], sent: readonly Sent[]): Pick<History, 'alerts' | 'hostile'> {
  const ours = new Set(sent.map(({ digest }) => digest));
  const alerts: Entry<Alert>[] = [];
  const hostile: HostileRecord[] = [];
  for (const { partition, offset, timestamp, content } of log) {
    const digest = content && digestOf(content.value);
    const decoded = content && Alerts.decode(content);
    const event = decoded?.ok ? decoded.event : undefined;
    const key = String(content?.key ?? '');
    if (digest === undefined || !ours.has(digest)) {
      const alert = event && { eventId: event.id, data: event.data };
      hostile.push({ partition, offset, key, looks: looksOf(content), ...(alert ? { alert } : {}) });
    } else if (event) {
      alerts.push({ partition, offset, timestamp, key, eventId: event.id, digest, data: event.data });
    }
  }
  return { alerts, hostile };
}

function looksOf(content: LoggedRecord['content']): string {
  if (!content) return 'in a compressed batch';
  const names = Object.keys(content.headers).map((name) => name.slice(0, 20));
  const text = content.value?.toString('utf8', 0, 60);
  return `${content.value?.length} bytes: ${text}, headers ${names.join(' ')}`;
}

function deadLetterOf(topic: string, record: ConsumedRecord): DeadLetter {
  const command = topic === PageCommands.card.topic ? PageCommands.decode(record) : undefined;
  const pageId = command?.ok && command.event.data.kind === 'page' ? command.event.data.pageId : undefined;
  const original = originalPlaceOf(record);
  return {
    topic,
    ...(original ? { original } : {}),
    key: String(record.key ?? ''),
    digest: digestOf(record.value),
    reason: String(record.headers[deadLetterHeaders.reason] ?? ''),
    ...(pageId ? { pageId } : {}),
  };
}

// Returns the place of a parked record, or of a batch that was parked as a whole.
function originalPlaceOf({ headers }: ConsumedRecord): OriginalPlace | undefined {
  const numberOf = (name: string) => numberIn(headers[name]);
  const [partition, offset] = [numberOf(deadLetterHeaders.partition), numberOf(deadLetterHeaders.offset)];
  if (partition === undefined || offset === undefined) return undefined;
  const first = numberOf(deadLetterHeaders.firstOffset) ?? offset;
  return { partition, first, last: numberOf(deadLetterHeaders.lastOffset) ?? offset };
}

const numberIn = (header: ConsumedHeaders[string]): number | undefined => (header == null ? undefined : Number(header));

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

async function teamsIn({ controlUrl }: Destination): Promise<DestinationTeam[]> {
  const { body } = await call<{ id: string; onCall: string }[]>('GET', `${controlUrl}/teams`);
  return body.map(({ id, onCall }) => ({ id, isOnCall: onCall === 'on-call' }));
}
