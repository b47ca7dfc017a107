import { randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  Audit,
  type Connection,
  type ConnectionReport,
  ConnectionReports,
  Connections,
  cards,
  type Handle,
  Handles,
  type OutgoingRecord,
  type SyncRequest,
  SyncRequests,
  topicDefinitionsOf,
} from '@pagebridge/contracts';
import { offeringCards, RegistryFeed } from '@pagebridge/handle-registry';
import {
  BatchConsumer,
  type ConsumedRecord,
  createTopics,
  type KafkaSettings,
  Publisher,
  partitionFor,
  RangeReader,
  securityOf,
  TableView,
} from '@pagebridge/kafka';
import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { generateSealingKey, seal } from '@pagebridge/sealed-credentials';
import {
  CONSUMER_TUNING,
  createApp,
  Denials,
  KafkaStartup,
  loadConfig,
  ManagementServer,
  Startup,
} from '@pagebridge/service';
import { aConnection, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { OwnedDirectories } from './application/owned-directories.ts';
import { OwnedPartitions } from './application/owned-partitions.ts';
import { handleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';
import type { Ownership } from './inbound/ownership.ts';
import { SyncRequestsConsumer } from './inbound/sync-requests.consumer.ts';
import { PrefixedStartup, PrefixedView } from './prefixed-topics.fixtures.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Topics that only one test uses: the topics of the cards under a unique prefix.
 *
 * On shared topics, handle-sync would delete the directories that other tests leave without a connection.
 */
export class IsolatedStack {
  readonly prefix = `${uniqueName('handle-sync-test')}.`;
  readonly group = uniqueName('handle-sync');
  readonly settings: KafkaSettings = {
    brokers: testBrokers(),
    clientId: this.group,
    security: securityOf(process.env),
    log: quiet,
  };
  destination!: SandboxOrg;
  readonly reports: ConnectionReport[] = [];
  /** Every record of `paging.handles.v1`, in order; null is a tombstone. */
  readonly handleRecords: { readonly key: string; readonly handle: Handle | null }[] = [];
  private readonly keyPair = generateSealingKey();
  private readonly publisher = new Publisher(this.settings);
  private readonly recorder = new TableView(this.settings, {
    topics: [Handles.card.topic, ConnectionReports.card.topic].map((topic) => this.prefix + topic),
    onRecord: (record) => void this.record(this.unprefixedRecord(record)),
  });

  async start(): Promise<void> {
    const definitions = cards
      .flatMap(topicDefinitionsOf)
      .filter(({ topic }) => /handle|directories|connection|sync|source/.test(topic));
    await createTopics(
      this.settings,
      definitions.map((definition) => ({ ...definition, topic: this.prefix + definition.topic, replicationFactor: 1 })),
    );
    // Denials go to the unprefixed topic, because these tests do not check them.
    await createTopics(this.settings, topicDefinitionsOf(Audit.card));
    this.destination = await SandboxOrg.start({ dataCenter: 'LOCAL' });
    await Promise.all([this.publisher.start(), this.recorder.start()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.destination.stop(), this.publisher.close(), this.recorder.stop()]);
  }

  async publish(...records: OutgoingRecord[]): Promise<void> {
    await this.publisher.publish(records.map((record) => ({ ...record, topic: this.prefix + record.topic })));
  }

  /** Adds a connection to the destination, as connection-management would publish it. */
  async connect(its: Partial<Connection> = {}, keys = this.destination.credential()): Promise<Connection> {
    const directory = `LOCAL/${uniqueName('org')}/account-1`;
    const checkedAt = new Date().toISOString();
    const bare = aConnection({ sourceOrg: uniqueName('acme'), dataCenter: 'LOCAL', directory, ...its });
    const { publicKey } = await this.keyPair;
    const sealed = await seal(publicKey, bare, keys);
    const connection = { ...bare, credential: { ...bare.credential, sealed, checkedAt } };
    await this.put(connection);
    return connection;
  }

  async put(connection: Connection): Promise<void> {
    await this.publish(Connections.encode(connection.connectionId, attributes(), connection));
  }

  async remove({ connectionId }: Connection): Promise<void> {
    await this.publish(Connections.tombstone(connectionId));
  }

  async requestSync({ connectionId, directory, sourceOrg }: Connection, handle?: string): Promise<void> {
    const cause: SyncRequest['cause'] = handle ? 'unknown-handle' : 'requested';
    const its = handle ? { handle } : { connectionId };
    const data = { directory, sourceOrg, cause, ...its, requestedAt: new Date().toISOString() };
    await this.publish(SyncRequests.encode(directory, attributes(), data));
  }

  reportsOf({ connectionId }: Connection, kind?: ConnectionReport['kind']): ConnectionReport[] {
    return this.reports.filter((report) => report.connectionId === connectionId && (!kind || report.kind === kind));
  }

  recordsOf({ directory }: Connection) {
    return this.handleRecords.filter(({ key }) => key.startsWith(`${directory}/`));
  }

  /** Resolves to the records of a directory once there are this many: a report may arrive before the records of its sync. */
  written(connection: Connection, atLeast: number) {
    return waitFor(`${atLeast} records`, () => {
      const records = this.recordsOf(connection);
      return records.length >= atLeast && records;
    });
  }

  /** Runs an instance of the service, wired as in production except for the prefix. */
  async run(environment: Record<string, string> = {}): Promise<Instance> {
    const { privateKey } = await this.keyPair;
    const config = loadConfig(handleSyncConfig, {
      KAFKA_BROKERS: testBrokers().join(),
      HOST: '127.0.0.1',
      PORT: '0',
      ACCESS: 'off',
      LOG_LEVEL: 'error',
      DATA_CENTERS: JSON.stringify([this.destination.dataCenter]),
      CREDENTIALS_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
      ...environment,
    });
    const module = HandleSyncModule.forRoot(config);
    const app = await createApp({ ...module, providers: [...(module.providers ?? []), ...this.overrides()] }, openApi);
    await app.listen(0, '127.0.0.1');
    await app.get(Startup).run();
    const consumer = this.consumer(app);
    await consumer.start();
    const managementUrl = await app.get(ManagementServer).listen(0, '127.0.0.1');
    return new Instance(app, consumer, await app.getUrl(), managementUrl);
  }

  private overrides(): Provider[] {
    const { settings, prefix } = this;
    const publisher = new Publisher(settings);
    const publish = (records: readonly OutgoingRecord[]) =>
      publisher.publish(records.map((record) => ({ ...record, topic: prefix + record.topic })));
    const prefixed = {
      start: () => publisher.start(),
      close: () => publisher.close(),
      health: () => publisher.health(),
      publish,
    } as Publisher;
    return [
      { provide: Publisher, useValue: prefixed },
      {
        provide: TableView,
        useFactory: (feed: RegistryFeed) =>
          new PrefixedView(prefix, settings, {
            topics: offeringCards.map(({ topic }) => topic),
            onRecord: (record) => feed.handle(this.unprefixedRecord(record)),
          }),
        inject: [RegistryFeed],
      },
      { provide: RangeReader, useValue: this.changes() },
      {
        provide: OwnedPartitions,
        useValue: new OwnedPartitions(partitionOf, () => true),
      },
      {
        provide: KafkaStartup,
        useFactory: (startup: Startup, denials: Denials) => new PrefixedStartup(prefix, settings, startup, denials),
        inject: [Startup, Denials],
      },
    ];
  }

  private changes(): RangeReader {
    const reader = new RangeReader(this.settings);
    const readSince: RangeReader['readSince'] = (topic, ...its) => reader.readSince(this.prefix + topic, ...its);
    return {
      stop: () => reader.stop(),
      health: () => reader.health(),
      readSince,
    } as Partial<RangeReader> as RangeReader;
  }

  private consumer(app: NestExpressApplication): BatchConsumer {
    const ownership = app.get<Ownership>(CONSUMER_TUNING);
    const requests = app.get(SyncRequestsConsumer);
    return new BatchConsumer(this.settings, {
      group: this.group,
      topics: [this.prefix + SyncRequests.card.topic],
      handlers: (batch) => requests.handle(this.unprefixed(batch)),
      onAssigned: (assignment) => ownership.onAssigned(this.unprefixed(assignment)),
      onRevoked: (assignment) => ownership.onRevoked(this.unprefixed(assignment)),
      onDisowned: (assignments) => ownership.onDisowned(assignments.map((each) => this.unprefixed(each))),
    });
  }

  private unprefixed<T extends { readonly topic: string }>(its: T): T {
    return { ...its, topic: its.topic.slice(this.prefix.length) };
  }

  private unprefixedRecord(record: ConsumedRecord): ConsumedRecord {
    const { topic, partition, offset, timestamp, key, value, headers } = record;
    return this.unprefixed({ topic, partition, offset, timestamp, key, value, headers });
  }

  private record(record: ConsumedRecord): void {
    if (record.topic === ConnectionReports.card.topic) {
      const decoded = ConnectionReports.decode(record);
      if (!decoded.ok) throw new Error(`a report that violates its contract: ${decoded.detail}`);
      this.reports.push(decoded.event.data);
      return;
    }
    const decoded = Handles.decode(record);
    if (record.value && !decoded.ok) throw new Error(`a handle that violates its contract: ${decoded.detail}`);
    this.handleRecords.push({ key: String(record.key), handle: decoded.ok ? decoded.event.data : null });
  }
}

/** A running instance of the service. */
export class Instance {
  constructor(
    private readonly app: NestExpressApplication,
    private readonly consumer: BatchConsumer,
    readonly url: string,
    private readonly managementUrl: string,
  ) {}

  /** Returns the handles that the org is offered. */
  async handles(org: string, query = ''): Promise<string[]> {
    const response = await fetch(
      `${this.url}/v1/source-orgs/${org}/handles?limit=100&query=${encodeURIComponent(query)}`,
    );
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const { items } = (await response.json()) as { items: { handle: string }[] };
    return items.map((item) => item.handle);
  }

  /** Returns the changes that the org is shown, the latest first. */
  async changes(org: string, query = ''): Promise<Record<string, unknown>[]> {
    const response = await fetch(`${this.url}/v1/source-orgs/${org}/handles/changes?${query}`);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { items: Record<string, unknown>[] }).items;
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.managementUrl}/metrics`)).text();
  }

  /** Stops in the order of production: syncs, the consumer group, then the rest. */
  async stop(): Promise<void> {
    await this.app.get(OwnedDirectories).stop();
    await this.consumer.stop();
    await this.app.close();
  }
}

/** Returns the partition of the records of a directory. */
export const partitionOf = (directory: string): number => partitionFor(directory, SyncRequests.card.partitions);

const attributes = () => ({ id: randomUUID(), source: '/test', time: new Date().toISOString() });
