import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Connections as ConnectionRecords, PageCommands, PageStates } from '@pagebridge/contracts';
import { type KafkaSettings, LogLimiter, PartitionRestorer, Publisher, TableView } from '@pagebridge/kafka';
import { KeyRing } from '@pagebridge/sealed-credentials';
import {
  CONSUMER_TUNING,
  type ConsumerTuning,
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
import { Attempts } from './application/attempts.ts';
import { Connections } from './application/connections.ts';
import { CredentialWatch } from './application/credential-watch.ts';
import { Delivery } from './application/delivery.ts';
import { Intake } from './application/intake.ts';
import { Lease } from './application/lease.ts';
import { Ledger } from './application/ledger/ledger.ts';
import type { OnWork } from './application/ledger/shard.ts';
import { Notices } from './application/notices.ts';
import { Lanes } from './application/scheduling/lanes.ts';
import type { PageDeliveryConfig } from './config.ts';
import { ConnectionsConsumer } from './inbound/connections.consumer.ts';
import { PageCommandsConsumer } from './inbound/page-commands.consumer.ts';
import { PartitionOwner } from './inbound/partition-owner.ts';
import { Lifetime } from './lifetime.ts';
import { DeliveryMetrics, registerGauges } from './outbound/delivery-metrics.ts';
import { KafkaConnectionReporter } from './outbound/kafka-connection.reporter.ts';
import { KafkaLedgerWriter } from './outbound/kafka-ledger.writer.ts';
import { OncallDestination } from './outbound/oncall-destination.ts';
import { systemClock } from './outbound/system-clock.ts';
import { laneSettingsOf, policyOf } from './settings.ts';

const name = 'page-delivery';
// Between the publisher's bound for a batch and what a reader takes; such a state goes alone, compressed.
const maxRecordBytes = 1024 * 1024;

@Module({})
export class PageDeliveryModule {
  static forRoot(config: PageDeliveryConfig): DynamicModule {
    return {
      module: PageDeliveryModule,
      imports: [ServiceModule.forRoot({ name, config })],
      controllers: [PageCommandsConsumer],
      providers: [...kafka, ...outbound(config), ...delivering(config), ...running(config)],
    };
  }
}

const kafka: Provider[] = [
  {
    provide: Publisher,
    useFactory: (settings: KafkaSettings) => new Publisher(settings, { maxRecordBytes }),
    inject: [KAFKA_SETTINGS],
  },
  {
    provide: PartitionRestorer,
    useFactory: (settings: KafkaSettings) =>
      new PartitionRestorer(settings, { topic: PageStates.card.topic, onFatal: endProcess }),
    inject: [KAFKA_SETTINGS],
  },
  {
    provide: TableView,
    useFactory: (settings: KafkaSettings, consumer: ConnectionsConsumer) =>
      new TableView(settings, { topics: [ConnectionRecords.card.topic], onRecord: consumer.take, onFatal: endProcess }),
    inject: [KAFKA_SETTINGS, ConnectionsConsumer],
  },
];

const outbound = (config: PageDeliveryConfig): Provider[] => [
  { provide: DeliveryMetrics, useFactory: (registry: Registry) => new DeliveryMetrics(registry), inject: [Registry] },
  {
    provide: KafkaLedgerWriter,
    useFactory: (publisher: Publisher, log: Logger) => new KafkaLedgerWriter(publisher, name, log),
    inject: [Publisher, LOG],
  },
  {
    provide: KafkaConnectionReporter,
    useFactory: (publisher: Publisher) => new KafkaConnectionReporter(publisher, systemClock),
    inject: [Publisher],
  },
  // Made before Nest is, which would tell a bad variable with its own stack.
  { provide: OncallDestination, useValue: destinationOf(config) },
];

const destinationOf = (config: PageDeliveryConfig): OncallDestination => {
  const ring = fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(config.CREDENTIALS_PRIVATE_KEYS));
  return new OncallDestination(dataCenterCatalogue(config), ring, config.CALL_TIMEOUT_MS);
};

const delivering = (config: PageDeliveryConfig): Provider[] => [
  { provide: Connections, useFactory: () => new Connections() },
  {
    provide: Notices,
    useFactory: (log: Logger) => {
      const limit = new LogLimiter((kind, leftOut) => log.warn({ kind, leftOut }, 'lines of this kind were left out'));
      return new Notices(log, limit);
    },
    inject: [LOG],
  },
  {
    provide: Lease,
    // The consumer is ready while it is a member, and until it has asked to join again.
    useFactory: (health: Health) => new Lease(() => health.isReady('kafka')),
    inject: [Health],
  },
  {
    provide: CredentialWatch,
    useFactory: (
      destination: OncallDestination,
      reporter: KafkaConnectionReporter,
      connections: Connections,
      notices: Notices,
      log: Logger,
    ) => new CredentialWatch(destination, reporter, connections, notices, systemClock, log),
    inject: [OncallDestination, KafkaConnectionReporter, Connections, Notices, LOG],
  },
  {
    provide: Attempts,
    useFactory: (
      destination: OncallDestination,
      connections: Connections,
      { mayCall }: Lease,
      log: Logger,
      notices: Notices,
      telemetry: DeliveryMetrics,
    ) => {
      const { backoff } = laneSettingsOf(config);
      const policy = policyOf(config);
      const parts = { destination, connections, mayCall, policy, backoff, log, notices, telemetry };
      return new Attempts({ ...parts, clock: systemClock, random: Math.random });
    },
    inject: [OncallDestination, Connections, Lease, LOG, Notices, DeliveryMetrics],
  },
  {
    provide: Lanes,
    useFactory: (attempts: Attempts, credentials: CredentialWatch, connections: Connections) =>
      new Lanes(laneSettingsOf(config), attempts, credentials, connections, systemClock),
    inject: [Attempts, CredentialWatch, Connections],
  },
  {
    provide: Ledger,
    useFactory: (
      writer: KafkaLedgerWriter,
      log: Logger,
      notices: Notices,
      telemetry: DeliveryMetrics,
      { mayWrite }: Lease,
      lanes: Lanes,
    ) => {
      const restingBytes = config.RESTING_MIB * 1024 * 1024;
      const onWork: OnWork = (shard, key, pages) => lanes.add(shard, key, pages);
      return new Ledger({ writer, clock: systemClock, log, notices, telemetry, mayWrite, onWork, restingBytes });
    },
    inject: [KafkaLedgerWriter, LOG, Notices, DeliveryMetrics, Lease, Lanes],
  },
  {
    provide: Intake,
    useFactory: (ledger: Ledger, log: Logger) => new Intake(ledger, config.WAITING_MIB * 1024 * 1024, log),
    inject: [Ledger, LOG],
  },
  {
    provide: Delivery,
    useFactory: (
      ledger: Ledger,
      lanes: Lanes,
      attempts: Attempts,
      credentials: CredentialWatch,
      intake: Intake,
      log: Logger,
    ) => new Delivery(ledger, lanes, attempts, credentials, intake, policyOf(config), systemClock, log),
    inject: [Ledger, Lanes, Attempts, CredentialWatch, Intake, LOG],
  },
];

const running = (config: PageDeliveryConfig): Provider[] => [
  {
    provide: ConnectionsConsumer,
    useFactory: (connections: Connections, lanes: Lanes, log: Logger) =>
      new ConnectionsConsumer(connections, lanes, log),
    inject: [Connections, Lanes, LOG],
  },
  {
    provide: CONSUMER_TUNING,
    useFactory: (
      ledger: Ledger,
      delivery: Delivery,
      intake: Intake,
      restorer: PartitionRestorer,
      lease: Lease,
      log: Logger,
    ): ConsumerTuning => {
      const { onAssigned, onDisowned, onRevoked } = new PartitionOwner(delivery, ledger.shareAtRest, restorer, log);
      const onDeparting = (signal: AbortSignal) => lease.part(() => delivery.settled(signal));
      const owning = { onAssigned, onDisowned, onRevoked, onDeparting };
      const { topic } = PageCommands.card;
      const onConsumer: ConsumerTuning['onConsumer'] = (consumer) => {
        intake.source = {
          pause: (partition) => consumer.pausePartition(topic, partition),
          resume: (partition) => consumer.resumePartition(topic, partition),
        };
      };
      // A batch mostly waits for the ledger, and those of several partitions share one write.
      const concurrency = PageCommands.card.partitions;
      return { ...owning, onConsumer, concurrency, sessionTimeoutMs: config.SESSION_TIMEOUT_MS };
    },
    inject: [Ledger, Delivery, Intake, PartitionRestorer, Lease, LOG],
  },
  {
    provide: Lifetime,
    useFactory: (
      settings: KafkaSettings,
      startup: Startup,
      health: Health,
      publisher: Publisher,
      connections: TableView,
      restorer: PartitionRestorer,
      delivery: Delivery,
    ) => {
      const stopWithinMs = config.STOP_TIMEOUT_MS / 2;
      return new Lifetime({ settings, startup, health, publisher, connections, restorer, delivery, stopWithinMs });
    },
    inject: [KAFKA_SETTINGS, Startup, Health, Publisher, TableView, PartitionRestorer, Delivery],
  },
  {
    provide: 'gauges',
    useFactory: (registry: Registry, lanes: Lanes, ledger: Ledger, intake: Intake) =>
      registerGauges(registry, {
        oldestWaitingSeconds: () => {
          const now = systemClock.now().getTime();
          return Math.max(0, now - (lanes.oldestWaitingSince() ?? now)) / 1000;
        },
        jobs: () => lanes.depth(),
        lanes: () => lanes.conditions(),
        waitingBytes: () => intake.waitingBytes,
        pausedPartitions: () => intake.pausedPartitions,
        alerts: () => ledger.owned.reduce((sum, shard) => sum + shard.size, 0),
      }),
    inject: [Registry, Lanes, Ledger, Intake],
  },
];
