import 'reflect-metadata';
import {
  AccessTokenUses,
  Alerts,
  type Connection,
  Connections,
  type Contract,
  cards,
  type Event,
  type Handle,
  Handles,
  handleKey,
  type OutgoingRecord,
  orgAlertsCard,
  orgAlertTopicOf,
  PageCommands,
  type SourceOrg,
  SourceOrgs,
  SyncRequests,
  topicDefinitionsOf,
  UnroutedHandles,
} from '@pagebridge/contracts';
import {
  BatchConsumer,
  type ConsumedRecord,
  createTopics,
  done,
  type OutgoingRecord as KafkaRecord,
  type KafkaSettings,
  Publisher,
  partitionFor,
  securityOf,
  TableView,
} from '@pagebridge/kafka';
import {
  CONSUMER_TUNING,
  type ConsumerTuning,
  createApp,
  Health,
  KAFKA_SETTINGS,
  KafkaBatchServer,
  Startup,
} from '@pagebridge/service';
import { anAlertRecord, configWithoutKafka, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { PageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

const contracts = [PageCommands, UnroutedHandles, SyncRequests, AccessTokenUses];
const deadTopic = deadLetterTopicOf(Alerts.card.topic);
const isDeadLetterTopic = (topic: string): boolean => topic.endsWith(deadLetterTopicOf(''));
const outputs = [...contracts.map(({ card }) => card.topic), deadTopic];
const attributes = { id: 'spec', source: '/spec', time: '2026-01-01T00:00:00Z' };
const quiet = () => undefined;

const brokers = testBrokers();

/** A real Kafka, with all records that routers write to it. Tests share the topics, and use different orgs. */
export class Bus {
  private readonly events = new Map<string, Event<unknown>[]>();
  private readonly dead = new Map<string, ConsumedRecord[]>();
  private readonly settings: KafkaSettings;
  private readonly publisher: Publisher;
  private readonly view: TableView;
  private readonly orgViews: TableView[] = [];

  constructor() {
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    this.settings = { brokers, clientId: uniqueName('routing-spec'), security: securityOf(process.env), log };
    this.publisher = new Publisher(this.settings, { maxRecordBytes: 4_000_000 });
    this.view = new TableView(this.settings, { topics: outputs, onRecord: this.onRecord });
  }

  async start(): Promise<void> {
    await createTopics(this.settings, cards.flatMap(topicDefinitionsOf));
    await this.publisher.start();
    await this.view.start();
  }

  /** Creates the topic of an org, and reads its dead letters too. */
  async createTopicOf(sourceOrg: string, its = {}): Promise<void> {
    await createTopics(this.settings, topicDefinitionsOf({ ...orgAlertsCard(sourceOrg), ...its }));
    const topics = [deadLetterTopicOf(orgAlertTopicOf(sourceOrg))];
    const view = new TableView(this.settings, { topics, onRecord: this.onRecord });
    this.orgViews.push(view);
    await view.start();
  }

  publishSettings(sourceOrg: string, settings: Pick<SourceOrg, 'alertTopic' | 'version'>): Promise<void> {
    const alertTopicSince = new Date().toISOString();
    const whole = { sourceOrg, localHandles: [], alertTopicSince, ...settings };
    return this.write(SourceOrgs.encode(sourceOrg, attributes, whole));
  }

  /** Moves a consumer group to the end of the alerts, so that its routers read only what a test writes. */
  async moveToEnd(group: string): Promise<void> {
    const partitions = Alerts.card.partitions;
    const sourceOrg = uniqueName('routing-mark');
    const seen = new Set<number>();
    const isMark = ({ key }: ConsumedRecord) => key?.toString().startsWith(sourceOrg);
    const consumer = new BatchConsumer(this.settings, {
      group,
      topics: [Alerts.card.topic],
      handlers: async ({ partition, records }) => {
        if (records.some(isMark)) seen.add(partition);
        return done;
      },
    });
    await consumer.start();
    const mark = anAlertRecord({ sourceOrg, message: '' });
    await this.write(...Array.from({ length: partitions }, (_, partition) => ({ ...mark, partition })));
    await waitFor(`${group} at the end`, () => seen.size === partitions, { lastSeen: () => seen });
    await consumer.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([this.view, ...this.orgViews].map((view) => view.stop()));
    await this.publisher.close();
  }

  write(...records: readonly (OutgoingRecord | KafkaRecord)[]): Promise<void> {
    return this.publisher.publish(records);
  }

  publishConnection(connection: Connection): Promise<void> {
    return this.write(Connections.encode(connection.connectionId, attributes, connection));
  }

  publishHandles(...handles: readonly Handle[]): Promise<void> {
    return this.write(
      ...handles.map((handle) => ({
        ...Handles.encode(handleKey(handle.directory, handle.teamId), attributes, handle),
        partition: partitionFor(handle.directory, Handles.card.partitions),
      })),
    );
  }

  commands = (sourceOrg: string) => this.eventsOf(PageCommands, sourceOrg);
  unrouted = (sourceOrg: string) => this.eventsOf(UnroutedHandles, sourceOrg);
  syncRequests = (sourceOrg: string) => this.eventsOf(SyncRequests, sourceOrg);
  tokenUses = (sourceOrg: string) => this.eventsOf(AccessTokenUses, sourceOrg);

  /** The dead letters of records with a key. */
  deadLetters = (key: string): readonly ConsumedRecord[] => this.dead.get(key) ?? [];

  private eventsOf<T>(contract: Contract<T>, sourceOrg: string): readonly Event<T>[] {
    return (this.events.get(`${contract.card.topic} ${sourceOrg}`) ?? []) as Event<T>[];
  }

  // The topics have the records of many runs, so each record is decoded only once, when it arrives.
  private readonly onRecord = (record: ConsumedRecord): undefined => {
    if (isDeadLetterTopic(record.topic)) append(this.dead, record.key?.toString() ?? '', record);
    const contract = contracts.find(({ card }) => card.topic === record.topic);
    const decoded = (contract as Contract<{ sourceOrg: string }> | undefined)?.decode(record);
    if (decoded?.ok) append(this.events, `${record.topic} ${decoded.event.data.sourceOrg}`, decoded.event);
  };
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

const configOf = (its: Partial<PageRoutingConfig>): PageRoutingConfig => ({
  ...configWithoutKafka,
  KAFKA_BROKERS: brokers.join(),
  STOP_TIMEOUT_MS: 5000,
  ALERT_MAX_AGE_MINUTES: 240,
  DEFERRED_PAGING_MINUTES: 10,
  SYNC_REQUEST_GAP_SECONDS: 10,
  ...its,
});

// Not the group of a service that may run beside the tests, and the same for all routers of one file.
const orgAlertsGroup = uniqueName('org-alerts-spec');

/** Starts a router that reads its tables and consumes no alerts. */
export async function idleRouter(its: Partial<PageRoutingConfig> = {}) {
  const app = await createApp(PageRoutingModule.forRoot(configOf(its), orgAlertsGroup), openApi);
  app.useLogger(false);
  await app.get(Startup).run();
  return app;
}

/** Starts a router as `main.ts` does, in this process, with the given consumer group. */
export async function startRouter(group: string, its: Partial<PageRoutingConfig> = {}) {
  const app = await idleRouter(its);
  const fatal = (error: Error) => {
    throw error;
  };
  const tuning = app.get<ConsumerTuning>(CONSUMER_TUNING, { strict: false });
  const server = new KafkaBatchServer(app.get(KAFKA_SETTINGS), group, tuning, fatal);
  app.get(Health).watch('kafka', server.parts.kafka);
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  return app;
}
