import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry, offeringCards, RegistryFeed } from '@pagebridge/handle-registry';
import { partitionFor, RangeReader } from '@pagebridge/kafka';
import { KeyRing, kidOf } from '@pagebridge/sealed-credentials';
import {
  CONSUMER_TUNING,
  systemClock as clock,
  dataCenterCatalogue,
  fromVariable,
  Health,
  LOG,
  publisherProvider,
  rangeReaderProvider,
  ServiceModule,
  tableViewProvider,
  UnheldKeys,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { OwnedDirectories, type OwnedSettings } from './application/owned-directories.ts';
import { OwnedPartitions } from './application/owned-partitions.ts';
import { Tables } from './application/tables.ts';
import type { HandleSyncConfig } from './config.ts';
import { CHANGE_LOG, ChangesController } from './inbound/changes.controller.ts';
import { HandlesController } from './inbound/handles.controller.ts';
import { Ownership } from './inbound/ownership.ts';
import { REQUEST_METER } from './inbound/request-meter.ts';
import { SyncRequestsConsumer } from './inbound/sync-requests.consumer.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaChanges } from './outbound/kafka-changes.ts';
import { KafkaDirectoryPublisher } from './outbound/kafka-directory.publisher.ts';
import { KafkaReportPublisher } from './outbound/kafka-reports.publisher.ts';
import { OncallDestinations } from './outbound/oncall-destinations.ts';
import { SyncGauges, SyncMetrics } from './outbound/sync-metrics.ts';

@Module({})
export class HandleSyncModule {
  static forRoot(config: HandleSyncConfig): DynamicModule {
    const ring = ringOf(config);
    return {
      module: HandleSyncModule,
      imports: [ServiceModule.forRoot({ name: 'handle-sync', config })],
      controllers: [ChangesController, HandlesController, SyncRequestsConsumer],
      providers: [...tables(ring), ...outbound(config, ring), ...changes, ...keeping(config), ...running],
    };
  }
}

const tables = (ring: KeyRing): Provider[] => [
  HandleRegistry,
  {
    provide: UnheldKeys,
    useFactory: (metrics: Registry, log: Log) => new UnheldKeys(metrics, log, { kids: ring.kids, kidOf }),
    inject: [Registry, LOG],
  },
  {
    provide: Tables,
    useFactory: (registry: HandleRegistry, { sealed }: UnheldKeys) => new Tables(registry, sealed),
    inject: [HandleRegistry, UnheldKeys],
  },
  {
    provide: RegistryFeed,
    useFactory: (known: Tables) => new RegistryFeed(known),
    inject: [Tables],
  },
  tableViewProvider(offeringCards, RegistryFeed),
];

const outbound = (config: HandleSyncConfig, ring: KeyRing): Provider[] => [
  publisherProvider(),
  KafkaDirectoryPublisher,
  KafkaReportPublisher,
  // Created before Nest starts, because Nest would report an invalid variable with its own stack trace.
  {
    provide: OncallDestinations,
    useValue: new OncallDestinations(dataCenterCatalogue(config), ring, config.CALL_TIMEOUT_MS),
  },
  SyncMetrics,
  { provide: REQUEST_METER, useExisting: SyncMetrics },
  SyncGauges,
];

const partitionOf = (directory: string): number => partitionFor(directory, SyncRequests.card.partitions);

const changes: Provider[] = [
  rangeReaderProvider,
  {
    provide: CHANGE_LOG,
    useFactory: (reader: RangeReader) =>
      new KafkaChanges(reader, partitionOf, { records: 100_000, reads: 8, readsOfOrg: 2, timeoutMs: 10_000 }),
    inject: [RangeReader],
  },
];

const keeping = (config: HandleSyncConfig): Provider[] => [
  {
    provide: OwnedPartitions,
    useFactory: (health: Health) => new OwnedPartitions(partitionOf, () => health.isMember),
    inject: [Health],
  },
  {
    provide: OwnedDirectories,
    useFactory: (
      known: Tables,
      destinations: OncallDestinations,
      publisher: KafkaDirectoryPublisher,
      reports: KafkaReportPublisher,
      meter: SyncMetrics,
      log: Log,
    ) => {
      const parts = { tables: known, destinations, publisher, reports, meter, clock, random: Math.random, log };
      const directories = new OwnedDirectories(parts, settingsOf(config));
      known.follow(directories);
      return directories;
    },
    inject: [Tables, OncallDestinations, KafkaDirectoryPublisher, KafkaReportPublisher, SyncMetrics, LOG],
  },
];

const running: Provider[] = [Ownership, { provide: CONSUMER_TUNING, useExisting: Ownership }, Lifetime];

const ringOf = ({ CREDENTIALS_PRIVATE_KEYS }: HandleSyncConfig): KeyRing =>
  fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(CREDENTIALS_PRIVATE_KEYS));

function settingsOf(config: HandleSyncConfig): OwnedSettings {
  const intervalMs = config.SYNC_INTERVAL_SECONDS * 1000;
  const concurrency = config.CALL_CONCURRENCY;
  return {
    sync: {
      intervalMs,
      retryMs: config.SYNC_RETRY_SECONDS * 1000,
      gapMs: config.SYNC_GAP_SECONDS * 1000,
      lateMs: 5 * intervalMs,
      concurrency,
    },
    store: {
      renameGraceMs: config.RENAME_GRACE_HOURS * 3_600_000,
      confirmMs: config.SYNC_CONFIRM_SECONDS * 1000,
      maxTeams: config.MAX_TEAMS,
    },
    credentials: { proofMs: config.CREDENTIAL_PROOF_SECONDS * 1000, retryMs: intervalMs },
    reporting: { heartbeatMs: config.REPORT_INTERVAL_SECONDS * 1000, faultGapMs: intervalMs },
    pacer: { concurrency, attempts: 3, backoffMs: 250 },
    statusMs: Math.min(config.REPORT_INTERVAL_SECONDS * 1000, 5 * intervalMs),
    unusedMs: config.UNUSED_DIRECTORY_SECONDS * 1000,
    lookUpsPerMinute: config.LOOK_UPS_PER_MINUTE,
  };
}
