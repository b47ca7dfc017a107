import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { type KafkaSettings, Publisher, TableView } from '@pagebridge/kafka';
import { KeyRing } from '@pagebridge/sealed-credentials';
import {
  CONSUMER_TUNING,
  dataCenterCatalogue,
  endProcess,
  fromVariable,
  Health,
  KAFKA_SETTINGS,
  LOG,
  ServiceModule,
  Startup,
} from '@pagebridge/service';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { ForgetConnection } from './application/forget-connection.use-case.ts';
import type { SyncLog } from './application/ports.ts';
import { SyncConnection } from './application/sync-connection.use-case.ts';
import { SyncRunner } from './application/sync-runner.ts';
import { SyncScheduler } from './application/sync-scheduler.ts';
import { Tables } from './application/tables.ts';
import type { HandleSyncConfig } from './config.ts';
import { HandlesController } from './inbound/handles.controller.ts';
import { Ownership } from './inbound/ownership.ts';
import { REQUEST_METER } from './inbound/request-meter.ts';
import { SyncRequestsConsumer } from './inbound/sync-requests.consumer.ts';
import { TablesConsumer, tableTopics } from './inbound/tables.consumer.ts';
import { Lifetime, usedTopics } from './lifetime.ts';
import { KafkaHandlePublisher } from './outbound/kafka-handles.publisher.ts';
import { KafkaReportPublisher } from './outbound/kafka-reports.publisher.ts';
import { OncallDestination } from './outbound/oncall-destination.ts';
import { registerGauges, SyncMetrics } from './outbound/sync-metrics.ts';

/** How long our own writes may take to come back from Kafka before a sync goes on without having seen them. */
const returnMs = 5000;
const orphanMs = 2000;

@Module({})
export class HandleSyncModule {
  static forRoot(config: HandleSyncConfig): DynamicModule {
    return {
      module: HandleSyncModule,
      imports: [ServiceModule.forRoot({ name: 'handle-sync', config })],
      controllers: [HandlesController, SyncRequestsConsumer],
      providers: [...tables, ...syncing(config), ...running],
    };
  }
}

const tables: Provider[] = [
  { provide: HandleRegistry, useFactory: () => new HandleRegistry() },
  { provide: Tables, useFactory: (registry: HandleRegistry) => new Tables(registry), inject: [HandleRegistry] },
  { provide: SyncMetrics, useFactory: (registry: Registry) => new SyncMetrics(registry), inject: [Registry] },
  { provide: REQUEST_METER, useExisting: SyncMetrics },
  {
    provide: TablesConsumer,
    useFactory: (known: Tables, registry: HandleRegistry, log: Logger, metrics: SyncMetrics) =>
      new TablesConsumer(known, registry, syncLog(log), (topic) => metrics.unreadable(topic)),
    inject: [Tables, HandleRegistry, LOG, SyncMetrics],
  },
  {
    provide: TableView,
    useFactory: (settings: KafkaSettings, consumer: TablesConsumer) =>
      new TableView(settings, { topics: tableTopics, onRecord: consumer.take, onFatal: endProcess }),
    inject: [KAFKA_SETTINGS, TablesConsumer],
  },
];

const syncing = (config: HandleSyncConfig): Provider[] => [
  { provide: Publisher, useFactory: (settings: KafkaSettings) => new Publisher(settings), inject: [KAFKA_SETTINGS] },
  {
    provide: KafkaHandlePublisher,
    useFactory: (publisher: Publisher) => new KafkaHandlePublisher(publisher),
    inject: [Publisher],
  },
  // Made before Nest is, which would tell a bad variable with its own stack.
  { provide: OncallDestination, useValue: destinationOf(config) },
  {
    provide: SyncConnection,
    useFactory: (
      known: Tables,
      destination: OncallDestination,
      handles: KafkaHandlePublisher,
      publisher: Publisher,
      log: Logger,
    ) => {
      const outputs = { handles, reports: new KafkaReportPublisher(publisher), log: syncLog(log) };
      const settings = { renameGraceMs: config.RENAME_GRACE_HOURS * 3_600_000, returnMs };
      return new SyncConnection(known, destination, outputs, settings, Date.now);
    },
    inject: [Tables, OncallDestination, KafkaHandlePublisher, Publisher, LOG],
  },
  {
    provide: SyncScheduler,
    useFactory: (
      known: Tables,
      sync: SyncConnection,
      handles: KafkaHandlePublisher,
      meter: SyncMetrics,
      logger: Logger,
    ) => {
      const log = syncLog(logger);
      const forget = new ForgetConnection(known, handles, log, returnMs);
      const runner = new SyncRunner({ tables: known, sync, forget, meter, log, now: Date.now });
      const parts = { tables: known, runner, now: Date.now, random: Math.random };
      const scheduler = new SyncScheduler(parts, schedulerSettings(config));
      known.follow(scheduler);
      return scheduler;
    },
    inject: [Tables, SyncConnection, KafkaHandlePublisher, SyncMetrics, LOG],
  },
];

const running: Provider[] = [
  {
    provide: CONSUMER_TUNING,
    useFactory: (scheduler: SyncScheduler) => new Ownership(scheduler),
    inject: [SyncScheduler],
  },
  {
    provide: Lifetime,
    useFactory: (
      settings: KafkaSettings,
      startup: Startup,
      health: Health,
      publisher: Publisher,
      view: TableView,
      scheduler: SyncScheduler,
    ) => new Lifetime({ settings, topics: usedTopics, startup, health, publisher, view, scheduler }),
    inject: [KAFKA_SETTINGS, Startup, Health, Publisher, TableView, SyncScheduler],
  },
  {
    provide: 'gauges',
    useFactory: (registry: Registry, known: HandleRegistry, scheduler: SyncScheduler) =>
      registerGauges(registry, {
        handles: () => known.sizes.handles,
        stalenessSeconds: () => scheduler.stalenessMs() / 1000,
      }),
    inject: [Registry, HandleRegistry, SyncScheduler],
  },
];

const destinationOf = (config: HandleSyncConfig): OncallDestination =>
  new OncallDestination(
    dataCenterCatalogue(config),
    fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(config.CREDENTIALS_PRIVATE_KEYS)),
    {
      concurrency: config.CALL_CONCURRENCY,
      callMs: config.CALL_TIMEOUT_MS,
      readingMs: config.SYNC_TIMEOUT_SECONDS * 1000,
      attempts: 3,
      backoffMs: 250,
    },
  );

const schedulerSettings = (config: HandleSyncConfig) => ({
  intervalMs: config.SYNC_INTERVAL_SECONDS * 1000,
  retryMs: config.SYNC_RETRY_SECONDS * 1000,
  confirmMs: config.SYNC_CONFIRM_SECONDS * 1000,
  unknownHandleGapMs: config.UNKNOWN_HANDLE_GAP_SECONDS * 1000,
  promptSyncs: config.PROMPT_SYNCS,
  routineSyncs: config.ROUTINE_SYNCS,
  orphanMs,
});

const syncLog = (log: Logger): SyncLog => ({
  info: (message, fields) => log.info(fields, message),
  warn: (message, fields) => log.warn(fields, message),
  error: (message, fields) => log.error(fields, message),
});
