import {
  type AlertState,
  Alerts,
  type Connection,
  ConnectionReports,
  Connections,
  generationOf,
  orgAlertsGroup,
  orgAlertTopicOf,
  PageCommands,
  PageOutcomes,
  PageStates,
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
import { type Hop, hopOf, type Lag, type Sources } from '@pagebridge/trace';
import { alertIdentity, deadLetterTopicOf } from '@pagebridge/vocabulary';

/** What is known of an alert, and what services have not read yet. */
export type Known = Sources & { readonly lags: readonly Lag[] };

/** Reads what topics have about one alert: only the partitions of its key, and of the connections that its pages use. */
export class KafkaSources {
  private readonly reader: RangeReader;
  private counts: ReadonlyMap<string, number> = new Map();
  private missing: string[] = [];
  private readonly keptSince = new Map<string, string>();

  constructor(private readonly settings: KafkaSettings) {
    this.reader = new RangeReader(settings);
  }

  /** Rejects with a KafkaError. `since`: milliseconds since 1970, from when on records are read. */
  async about(sourceOrg: string, alertKey: string, since: number | undefined): Promise<Known> {
    this.counts = await topicsSeen(this.settings);
    this.missing = since === undefined ? [] : [`Records from before ${new Date(since).toISOString()} were not read.`];
    const key = alertIdentity(sourceOrg, alertKey);
    const own = orgAlertTopicOf(sourceOrg);
    const alertTopics = [Alerts.card.topic, ...(this.counts.has(own) ? [own] : [])];
    const others = [PageCommands, UnroutedHandles, PageOutcomes].map(({ card }) => card.topic);
    const dead = [...alertTopics, PageCommands.card.topic].map(deadLetterTopicOf);
    const [states, ...parts] = await Promise.all([
      this.recordsOf(PageStates.card.topic, key, undefined),
      ...[...alertTopics, ...others, ...dead].map((topic) => this.recordsOf(topic, key, since)),
    ]);
    const here = parts.flat().map(hopOf);
    const hops = [...here, ...(await this.alertsElsewhere(here, key))];
    const { byId, reports } = await this.connectionsOf(hops);
    const lags = await this.lagsOf(alertTopics, key);
    const ledger = ledgerIn(states);
    const { undecodable } = this.reader;
    if (undecodable > 0) this.missing.push(`${undecodable} batches of these partitions cannot be read.`);
    const { missing, keptSince } = this;
    const found = { hops: [...hops, ...reports], ledger, connections: byId };
    return { sourceOrg, alertKey, ...found, missing, keptSince, lags };
  }

  /** Returns the alert of a page, by the id of Pagebridge or of its destination: reads all commands and outcomes. */
  async alertOfPage(pageId: string): Promise<{ readonly sourceOrg: string; readonly alertKey: string } | undefined> {
    const counts = await topicsSeen(this.settings);
    const id = Buffer.from(JSON.stringify(pageId));
    let key: string | undefined;
    const look = (record: ConsumedRecord): void => {
      if (key === undefined && record.value?.includes(id)) key = String(record.key);
    };
    const topics = [PageOutcomes.card.topic, PageCommands.card.topic];
    const parts = topics.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => this.reader.readAll(topic, partition, look)),
    );
    await Promise.all(parts);
    if (key === undefined) return undefined;
    const end = key.indexOf('/');
    return { sourceOrg: key.slice(0, end), alertKey: key.slice(end + 1) };
  }

  close = (): Promise<void> => this.reader.stop();

  /** Returns the records of a key, from its partition. */
  private async recordsOf(topic: string, key: string, since: number | undefined): Promise<ConsumedRecord[]> {
    const count = this.counts.get(topic);
    if (count === undefined) {
      this.missing.push(`${topic} does not exist, or this user may not read it.`);
      return [];
    }
    const bytes = Buffer.from(key);
    const partition = partitionFor(key, count);
    const records: ConsumedRecord[] = [];
    const keep = (record: ConsumedRecord): void => {
      if (record.offset > 0 && !this.keptSince.has(topic)) this.keptSince.set(topic, timeOf(record));
      if (record.key?.equals(bytes)) records.push(record);
    };
    try {
      await (since === undefined
        ? this.reader.readAll(topic, partition, keep)
        : this.reader.readSince(topic, partition, since, keep));
    } catch (error) {
      if (!(error instanceof SecurityError)) throw error;
      this.missing.push(`${topic} could not be read: ${error.message}.`);
    }
    return records;
  }

  /** Returns the alerts that are in another partition, because their producers choose partitions in their own way. */
  private async alertsElsewhere(hops: readonly Hop[], key: string): Promise<Hop[]> {
    const found = new Set(hops.map(({ topic, partition, offset }) => `${topic}/${partition}/${offset}`));
    const named = new Set(hops.flatMap((hop) => alertRecordOf(hop) ?? []).filter((place) => !found.has(place)));
    const alerts: Hop[] = [];
    for (const place of named) {
      const [topic = '', partition = '', offset = ''] = place.split('/');
      if (!this.counts.has(topic)) continue;
      await this.reader.readAt(topic, Number(partition), [Number(offset)], (record) => {
        if (String(record.key) === key) alerts.push(hopOf(record));
      });
    }
    return alerts;
  }

  private async connectionsOf(hops: readonly Hop[]) {
    const ids = new Set(hops.flatMap((hop) => connectionIdOf(hop) ?? []));
    const byId = new Map<string, Connection>();
    const reports: Hop[] = [];
    for (const id of ids) {
      for (const record of await this.recordsOf(Connections.card.topic, id, undefined)) {
        const read = Connections.dataOf(record);
        if (read.ok && read.data.version >= (byId.get(id)?.version ?? 0)) byId.set(id, read.data);
      }
      const all = (await this.recordsOf(ConnectionReports.card.topic, id, undefined)).map(hopOf);
      reports.push(...all.filter((hop) => hop.kind === 'report' && isOfCredential(hop.report.kind)));
    }
    return { byId, reports };
  }

  /** Returns how far the services have read the partitions of this key. */
  private async lagsOf(alertTopics: readonly string[], key: string): Promise<Lag[]> {
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
        return position === undefined ? [] : [{ service, topic, partition, position }];
      } catch (error) {
        if (!(error instanceof SecurityError)) throw error;
        this.missing.push(`How far ${service} has read ${topic} is not known: ${error.message}.`);
        return [];
      }
    });
    return (await Promise.all(lags)).flat();
  }
}

const timeOf = ({ timestamp }: ConsumedRecord): string => new Date(timestamp).toISOString();

function alertRecordOf(hop: Hop): string | undefined {
  if (hop.kind === 'page' || hop.kind === 'resolve') return hop.command.alertRecord;
  const place = hop.kind === 'unrouted' ? hop.unrouted.alert : undefined;
  return place && `${place.topic}/${place.partition}/${place.offset}`;
}

function connectionIdOf(hop: Hop): string | undefined {
  if (hop.kind === 'page') return hop.command.connectionId;
  return hop.kind === 'outcome' ? hop.outcome.connectionId : undefined;
}

const isOfCredential = (kind: string): boolean => kind === 'credential-fault' || kind === 'repaired';

/** Returns the state in the ledger: what the latest owner of the partition wrote last; undefined if it has forgotten the alert. */
function ledgerIn(records: readonly ConsumedRecord[]): AlertState | undefined {
  let latest = 0;
  let state: AlertState | undefined;
  for (const record of records) {
    const read = record.value === null ? undefined : PageStates.dataOf(record);
    const generation = read?.ok ? read.data.generation : generationOf(record);
    if (generation < latest) continue;
    latest = generation;
    state = read?.ok ? (read.data as AlertState) : undefined;
  }
  return state;
}
