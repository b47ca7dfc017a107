import {
  Alerts,
  alertsCardOf,
  ConnectionReports,
  Connections,
  orgAlertsGroup,
  orgAlertTopicOf,
  PageCommands,
  PageOutcomes,
  PageStates,
  SourceOrgs,
  UnroutedHandles,
} from '@pagebridge/contracts';
import {
  type ConsumedRecord,
  committedOffsets,
  type KafkaSettings,
  partitionFor,
  RangeReader,
  SecurityError,
  topicsSeen,
} from '@pagebridge/kafka';
import { LedgerStates } from '@pagebridge/page-lifecycle';
import {
  connectionIdOf,
  type Hop,
  hopOf,
  type KnownConnection,
  type Lag,
  type Sources,
  timeOfRecord,
} from '@pagebridge/trace';
import { alertIdentity, deadLetterTopicOf, placeOf } from '@pagebridge/vocabulary';
import { answered } from '../kafka/answered.ts';

/** What is known of an alert, and what services have not read yet. */
export type Known = Sources & { readonly lags: readonly Lag[] };

/** Reads what topics have about one alert: only the partitions of its key, and of the connections that its pages use. */
export class KafkaSources {
  private readonly reader: RangeReader;
  private counts: ReadonlyMap<string, number> = new Map();
  private missing: string[] = [];
  private readonly keptSince = new Map<string, string>();
  /** The topics that could not be read: what they have may be the answer. */
  readonly unread = new Set<string>();

  constructor(readonly settings: KafkaSettings) {
    this.reader = new RangeReader(settings);
  }

  /** Rejects with a KafkaError. `since`: milliseconds since 1970, from when on records are read. */
  async about(sourceOrg: string, alertKey: string, since: number | undefined): Promise<Known> {
    this.counts = await topicsSeen(this.settings);
    this.missing = since === undefined ? [] : [`Records before ${new Date(since).toISOString()} were not read.`];
    const key = alertIdentity(sourceOrg, alertKey);
    const alertTopics = await this.alertTopicsOf(sourceOrg);
    const before = await this.lagsOf(alertTopics, key);
    const states = new LedgerStates((its) => its === key);
    const [, ...parts] = await Promise.all([
      this.recordsOf(PageStates.card.topic, key, undefined, (record) => states.add(record)),
      ...topicsOf(alertTopics).map((topic) => this.recordsOf(topic, key, since)),
    ]);
    const here = parts.flat().map(hopOf);
    const hops = [...here, ...(await this.alertsElsewhere(here, key))];
    const { byId, reports } = await this.connectionsOf(hops);
    const state = states.of(key);
    if (state === 'unreadable')
      this.missing.push('A newer version of page-delivery wrote the state of the alert. Upgrade this program.');
    const ledger = state === 'unreadable' ? undefined : state;
    const { undecodable } = this.reader;
    if (undecodable > 0) this.missing.push(`${undecodable} batches of these partitions are unreadable.`);
    const lags = await this.lagsOf(alertTopics, key, before);
    const outputs = [PageCommands.card.topic, UnroutedHandles.card.topic, ...alertTopics.map(deadLetterTopicOf)];
    const mayLackRouting = undecodable > 0 || outputs.some((topic) => this.unread.has(topic));
    const missing = [...new Set(this.missing)];
    const found = { hops: [...hops, ...reports], ledger, connections: byId };
    return { sourceOrg, alertKey, ...found, missing, mayLackRouting, keptSince: this.keptSince, lags };
  }

  /** Returns where the partitions of an alert end now. Rejects with a KafkaError. */
  async endsOf(sourceOrg: string, alertKey: string) {
    this.counts = await topicsSeen(this.settings);
    const key = alertIdentity(sourceOrg, alertKey);
    const partitions = [PageStates.card.topic, ...topicsOf(await this.alertTopicsOf(sourceOrg))].flatMap((topic) => {
      const count = this.counts.get(topic);
      return count === undefined ? [] : { topic, partition: partitionFor(key, count) };
    });
    const ranges = await answered(this.reader, this.reader.ranges(partitions));
    return ranges.map(({ topic, partition, high: offset }) => ({ topic, partition, offset }));
  }

  private async alertTopicsOf(sourceOrg: string): Promise<string[]> {
    const own = orgAlertTopicOf(sourceOrg);
    return [Alerts.card.topic, ...(this.counts.has(own) || (await this.owns(sourceOrg)) ? [own] : [])];
  }

  /** Returns the alerts of the pages with this id, of Pagebridge or of a destination: reads all commands and outcomes. */
  async alertsOfPage(pageId: string): Promise<readonly { readonly sourceOrg: string; readonly alertKey: string }[]> {
    const counts = await topicsSeen(this.settings);
    const id = Buffer.from(JSON.stringify(pageId));
    const found = new Map<string, { readonly sourceOrg: string; readonly alertKey: string }>();
    const look = (record: ConsumedRecord): void => {
      if (!record.value?.includes(id)) return;
      const page = pageIn(record);
      if (page?.ids.includes(pageId)) found.set(String(record.key), page);
    };
    const topics = [PageOutcomes.card.topic, PageCommands.card.topic];
    for (const topic of topics) if (!counts.has(topic)) this.unread.add(topic);
    const parts = topics.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => this.reader.readAll(topic, partition, look)),
    );
    await answered(this.reader, Promise.all(parts));
    return [...found.values()];
  }

  close = (): Promise<void> => this.reader.stop();

  /** Returns the records of a key, from its partition. */
  private async recordsOf(
    topic: string,
    key: string,
    since: number | undefined,
    onEach: (record: ConsumedRecord) => void = () => undefined,
  ): Promise<ConsumedRecord[]> {
    const count = this.counts.get(topic);
    if (count === undefined) {
      this.unread.add(topic);
      this.missing.push(`${topic} does not exist or is not readable for this user.`);
      return [];
    }
    const bytes = Buffer.from(key);
    const partition = partitionFor(key, count);
    const records: ConsumedRecord[] = [];
    let isFirst = true;
    const keep = (record: ConsumedRecord): void => {
      if (isFirst && record.offset > 0 && since === undefined) this.keptSince.set(topic, timeOfRecord(record));
      isFirst = false;
      onEach(record);
      if (record.key?.equals(bytes)) records.push(record);
    };
    try {
      await answered(
        this.reader,
        since === undefined
          ? this.reader.readAll(topic, partition, keep)
          : this.reader.readSince(topic, partition, since, keep),
      );
      if (isFirst && since === undefined && alertsCardOf(topic)) {
        const [range] = await answered(this.reader, this.reader.ranges([{ topic, partition }]));
        if (range && range.high > 0) this.keptSince.set(topic, new Date().toISOString());
      }
    } catch (error) {
      if (!(error instanceof SecurityError)) throw error;
      this.unread.add(topic);
      this.missing.push(`Reading ${topic} failed: ${error.message}.`);
    }
    return records;
  }

  /** Returns whether alerts of the org are read from a topic that it owns. */
  private async owns(sourceOrg: string): Promise<boolean> {
    const records = await this.recordsOf(SourceOrgs.card.topic, sourceOrg, undefined);
    const read = records.at(-1) && SourceOrgs.dataOf(records.at(-1) as ConsumedRecord);
    return read?.ok === true && (read.data.alertTopic ?? 'shared') !== 'shared';
  }

  /** Returns the alerts that are in another partition, because their producers choose partitions in their own way. */
  private async alertsElsewhere(hops: readonly Hop[], key: string): Promise<Hop[]> {
    const found = new Set(hops.map(placeOf));
    const named = new Set(hops.flatMap((hop) => alertRecordOf(hop) ?? []).filter((place) => !found.has(place)));
    const alerts: Hop[] = [];
    for (const place of named) {
      const [topic = '', partition = '', offset = ''] = place.split('/');
      if (!this.counts.has(topic)) {
        this.missing.push(
          `${topic} has a record of the alert, but the topic does not exist or is not readable for this user.`,
        );
        continue;
      }
      const read = this.reader.readAt(topic, Number(partition), [Number(offset)], (record) => {
        if (String(record.key) === key) alerts.push(hopOf(record));
      });
      await answered(this.reader, read);
    }
    return alerts;
  }

  private async connectionsOf(hops: readonly Hop[]) {
    const ids = new Set(hops.flatMap((hop) => connectionIdOf(hop) ?? []));
    const byId = new Map<string, KnownConnection & { readonly version: number }>();
    const reports: Hop[] = [];
    for (const id of ids) {
      for (const record of await this.recordsOf(Connections.card.topic, id, undefined)) {
        const read = Connections.dataOf(record);
        if (!read.ok || read.data.version < (byId.get(id)?.version ?? 0)) continue;
        byId.set(id, read.data);
      }
      const all = (await this.recordsOf(ConnectionReports.card.topic, id, undefined)).map(hopOf);
      reports.push(...all.filter(isAboutKeys));
    }
    return { byId, reports };
  }

  /** Returns how far the services have read the partitions of this key. */
  private async lagsOf(alertTopics: readonly string[], key: string, earlier: readonly Lag[] = []): Promise<Lag[]> {
    const readers = [
      ...alertTopics.map((topic) => ({
        ...{ service: 'page-routing', topic },
        group: topic === Alerts.card.topic ? 'page-routing' : orgAlertsGroup,
      })),
      { service: 'page-delivery', topic: PageCommands.card.topic, group: 'page-delivery' },
    ];
    const lags = readers.map(async ({ service, topic, group }): Promise<Lag[]> => {
      const partition = partitionFor(key, this.counts.get(topic) ?? 1);
      try {
        const position = (await committedOffsets(this.settings, group, topic)).get(partition);
        const before = earlier.find((lag) => lag.topic === topic)?.position ?? 0;
        return position === undefined ? [] : [{ service, topic, partition, before, position }];
      } catch (error) {
        if (!(error instanceof SecurityError)) throw error;
        this.missing.push(`The position of ${service} on ${topic} is unknown: ${error.message}.`);
        return [];
      }
    });
    return (await Promise.all(lags)).flat();
  }
}

/** The topics on the way of an alert that is read from these, and their dead letters. */
const topicsOf = (alertTopics: readonly string[]): string[] => [
  ...alertTopics,
  ...[PageCommands, UnroutedHandles, PageOutcomes].map(({ card }) => card.topic),
  ...[...alertTopics, PageCommands.card.topic].map(deadLetterTopicOf),
];

function pageIn(record: ConsumedRecord) {
  const hop = hopOf(record);
  if (hop.kind === 'page') return { ...hop.command, ids: [hop.command.pageId] };
  return hop.kind === 'outcome'
    ? { ...hop.outcome, ids: [hop.outcome.pageId, hop.outcome.destinationPageId] }
    : undefined;
}

function alertRecordOf(hop: Hop): string | undefined {
  if (hop.kind === 'page' || hop.kind === 'resolve') return hop.command.alertRecord;
  const place = hop.kind === 'unrouted' ? hop.unrouted.alert : undefined;
  return place && placeOf(place);
}

/** Returns whether it reports that the keys of a connection are refused, or accepted again. */
const isAboutKeys = (hop: Hop): boolean =>
  hop.kind === 'report' && (hop.report.kind === 'credential-fault' || hop.report.kind === 'repaired');
