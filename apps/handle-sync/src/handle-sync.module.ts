import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { HandleRegistry, RegistryFeed, registryCards } from '@pagebridge/handle-registry';
import { KeyRing } from '@pagebridge/sealed-credentials';
import {
  CONSUMER_TUNING,
  systemClock as clock,
  dataCenterCatalogue,
  fromVariable,
  LOG,
  publisherProvider,
  ServiceModule,
  tableViewProvider,
  UnreadableRecords,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { ForgetConnection } from './application/forget-connection.use-case.ts';
import { SyncConnection } from './application/sync-connection.use-case.ts';
import { SyncRunner } from './application/sync-runner.ts';
import { SyncScheduler } from './application/sync-scheduler.ts';
import { Tables } from './application/tables.ts';
import type { HandleSyncConfig } from './config.ts';
import { HandlesController } from './inbound/handles.controller.ts';
import { Ownership } from './inbound/ownership.ts';
import { REQUEST_METER } from './inbound/request-meter.ts';
import { SyncRequestsConsumer } from './inbound/sync-requests.consumer.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaHandlePublisher } from './outbound/kafka-handles.publisher.ts';
import { KafkaReportPublisher } from './outbound/kafka-reports.publisher.ts';
import { OncallDestination } from './outbound/oncall-destination.ts';
import { SyncGauges, SyncMetrics } from './outbound/sync-metrics.ts';

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
      providers: [...tables, ...outbound(config), ...syncing(config), ...running],
    };
  }
}

const tables: Provider[] = [
  HandleRegistry,
  { provide: Tables, useFactory: (registry: HandleRegistry) => new Tables(registry), inject: [HandleRegistry] },
  UnreadableRecords,
  {
    provide: RegistryFeed,
    useFactory: (known: Tables, unreadable: UnreadableRecords) => new RegistryFeed(known, unreadable.tell),
    inject: [Tables, UnreadableRecords],
  },
  tableViewProvider(registryCards, RegistryFeed),
];

const outbound = (config: HandleSyncConfig): Provider[] => [
  publisherProvider(),
  KafkaHandlePublisher,
  KafkaReportPublisher,
  // Made before Nest is, which would tell a bad variable with its own stack.
  { provide: OncallDestination, useValue: destinationOf(config) },
  SyncMetrics,
  { provide: REQUEST_METER, useExisting: SyncMetrics },
  SyncGauges,
];

const syncing = (config: HandleSyncConfig): Provider[] => [
  {
    provide: SyncConnection,
    useFactory: (
      known: Tables,
      destination: OncallDestination,
      handles: KafkaHandlePublisher,
      reports: KafkaReportPublisher,
      log: Log,
    ) => {
      const settings = { renameGraceMs: config.RENAME_GRACE_HOURS * 3_600_000, returnMs };
      return new SyncConnection(known, destination, { handles, reports, log }, settings, clock);
    },
    inject: [Tables, OncallDestination, KafkaHandlePublisher, KafkaReportPublisher, LOG],
  },
  {
    provide: SyncScheduler,
    useFactory: (known: Tables, sync: SyncConnection, handles: KafkaHandlePublisher, meter: SyncMetrics, log: Log) => {
      const forget = new ForgetConnection(known, handles, log, returnMs);
      const runner = new SyncRunner({ tables: known, sync, forget, meter, log, clock });
      const parts = { tables: known, runner, clock, random: Math.random };
      const scheduler = new SyncScheduler(parts, schedulerSettings(config));
      known.follow(scheduler);
      return scheduler;
    },
    inject: [Tables, SyncConnection, KafkaHandlePublisher, SyncMetrics, LOG],
  },
];

const running: Provider[] = [Ownership, { provide: CONSUMER_TUNING, useExisting: Ownership }, Lifetime];

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
