import {
  type Alert,
  type AlertState,
  Alerts,
  type Command,
  type Connection,
  type ConnectionReport,
  ConnectionReports,
  Connections,
  type Contract,
  type Handle,
  Handles,
  orgAlertTopicOf,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  PageStates,
  type UnroutedHandle,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { type ConsumedHeaders, type ConsumedRecord, TableView } from '@pagebridge/kafka';
import { call, type Destination, type KafkaPlace, kafkaSettings } from '@pagebridge/local-stack';
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
import type { Polls } from '../stack/polls.ts';
import { alertLog, type LoggedRecord } from './alert-log.ts';

/** The sources of an audit. */
export interface Sources {
  readonly kafka: KafkaPlace;
  /** The folder of the partitions, for each broker. */
  readonly brokerFolders: readonly string[];
  readonly destinations: readonly Destination[];
  readonly polls?: Polls;
  /** The source orgs with their own alert topic. */
  readonly topicOwners: readonly string[];
}

/**
 * Reads every topic from its beginning, and the pages of the destinations.
 *
 * Keeps what the audit needs of a record, and not its bytes: a flood has hundreds of thousands of them.
 */
export class Collector {
  /** The number of records so far, without those of the ledger, which also contain published outcomes. */
  seen = 0;
  readonly #view: TableView;
  readonly #brokerFolders: readonly string[];
  readonly #destinations: readonly Destination[];
  readonly #polls: Polls | undefined;
  readonly #alertTopics: readonly string[];
  readonly #records = {
    connections: [] as TableRecord<Connection>[],
    handles: [] as TableRecord<Handle>[],
    commands: [] as Entry<Command>[],
    unrouted: [] as Entry<UnroutedHandle>[],
    outcomes: [] as Entry<PageOutcome>[],
    states: [] as Entry<AlertState>[],
    reports: [] as Entry<ConnectionReport>[],
    deadLetters: [] as DeadLetter[],
  };

  constructor({ kafka, brokerFolders, destinations, polls, topicOwners }: Sources) {
    this.#alertTopics = [Alerts.card.topic, ...topicOwners.map(orgAlertTopicOf)];
    this.#brokerFolders = brokerFolders;
    this.#destinations = destinations;
    this.#polls = polls;
    const takers = this.#takers();
    this.#view = new TableView(kafkaSettings(kafka, 'chaos-collector', 'admin'), {
      // No client can be expected to read all of the alerts topic.
      topics: [...takers.keys()],
      onRecord: (record) => void takers.get(record.topic)?.(record),
    });
  }

  start = (): Promise<void> => this.#view.start();
  stop = (): Promise<void> => this.#view.stop();

  async history(sent: readonly Sent[]): Promise<History> {
    const pages = await Promise.all(this.#destinations.map(pagesOf));
    const teams = await Promise.all(this.#destinations.map(teamsIn));
    return {
      sent,
      ...sorted(alertLog(this.#brokerFolders, this.#alertTopics), sent),
      // Later records must not change this history.
      ...copied(this.#records),
      pages: pages.flat(),
      teams: teams.flat(),
      // Those who sent requests and made faults know them.
      requests: [],
      polls: [...(this.#polls?.answered ?? [])],
      faults: [],
    };
  }

  #takers(): Map<string, (record: ConsumedRecord) => void> {
    const counted = (take: (record: ConsumedRecord) => void) => (record: ConsumedRecord) => {
      this.seen += 1;
      take(record);
    };
    const deadLetters = [...this.#alertTopics, PageCommands.card.topic].map((topic) => {
      const take = (record: ConsumedRecord) => void this.#records.deadLetters.push(deadLetterOf(topic, record));
      return [deadLetterTopicOf(topic), counted(take)] as const;
    });
    return new Map([
      [Connections.card.topic, intoTable(Connections, this.#records.connections)],
      [Handles.card.topic, intoTable(Handles, this.#records.handles)],
      [PageCommands.card.topic, counted(into(PageCommands, this.#records.commands))],
      [UnroutedHandles.card.topic, counted(into(UnroutedHandles, this.#records.unrouted))],
      [PageOutcomes.card.topic, counted(into(PageOutcomes, this.#records.outcomes))],
      [PageStates.card.topic, into(PageStates, this.#records.states)],
      [ConnectionReports.card.topic, into(ConnectionReports, this.#records.reports)],
      ...deadLetters,
    ]);
  }
}

const copied = <Lists extends Readonly<Record<string, readonly unknown[]>>>(lists: Lists): Lists =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list]])) as unknown as Lists;

const intoTable =
  <Data>(contract: Contract<Data>, table: TableRecord<Data>[]) =>
  (record: ConsumedRecord): void => {
    const decoded = record.value === null ? undefined : contract.decode(record);
    const { timestamp } = record;
    table.push({ key: String(record.key ?? ''), timestamp, ...(decoded?.ok ? { data: decoded.event.data } : {}) });
  };

const into =
  <Data>(contract: Contract<Data>, entries: Entry<Data>[]) =>
  (record: ConsumedRecord): void => {
    const decoded = contract.decode(record);
    if (!decoded.ok) return;
    const { partition, offset, timestamp } = record;
    entries.push({
      ...{ partition, offset, timestamp },
      key: String(record.key ?? ''),
      eventId: decoded.event.id,
      digest: digestOf(record.value),
      data: decoded.event.data,
    });
  };

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
  readonly history: readonly {
    readonly at: string;
    readonly action: string;
    readonly changed: boolean;
    readonly by: { readonly applicationKey: string };
  }[];
}

async function pagesOf({ org, controlUrl }: Destination): Promise<DestinationPage[]> {
  const { body } = await call<ShownPage[]>('GET', `${controlUrl}/pages`);
  return body.map(({ id, tags, status, createdAt, history }) => {
    // Only programs use a key.
    const closed = history.find(({ action, changed }) => action === 'resolve' && changed);
    return {
      org,
      id,
      pageId: tags.find((tag) => tag.startsWith('page-id:'))?.slice('page-id:'.length) ?? '',
      tagged: tags.includes('possible-duplicate:true'),
      resolved: status === 'resolved',
      createdAt: Date.parse(createdAt),
      ...(closed?.by.applicationKey === '' ? { closedThereAt: Date.parse(closed.at) } : {}),
    };
  });
}

async function teamsIn({ controlUrl }: Destination): Promise<DestinationTeam[]> {
  const { body } = await call<{ id: string; onCall: string }[]>('GET', `${controlUrl}/teams`);
  return body.map(({ id, onCall }) => ({ id, isOnCall: onCall === 'on-call' }));
}
