import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Connections as ConnectionRecords, PageCommands } from '@pagebridge/contracts';
import { LogLimiter } from '@pagebridge/kafka';
import { KeyRing, kidOf } from '@pagebridge/sealed-credentials';
import {
  CLOCK,
  CONSUMER_TUNING,
  type ConsumerTuning,
  dataCenterCatalogue,
  fromVariable,
  Health,
  LOG,
  publisherProvider,
  rangeReaderProvider,
  ServiceModule,
  steadyClock,
  tableViewProvider,
  UnheldKeys,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { Attempts } from './application/attempts.ts';
import { Connections } from './application/connections.ts';
import { CredentialWatch } from './application/credential-watch.ts';
import { Delivery } from './application/delivery.ts';
import { Drains } from './application/drains.ts';
import { Intake } from './application/intake.ts';
import { Lease } from './application/lease.ts';
import { Ledger } from './application/ledger/ledger.ts';
import type { OnWork } from './application/ledger/ledger-partition.ts';
import { Notices } from './application/notices.ts';
import { Lanes } from './application/scheduling/lanes.ts';
import type { PageDeliveryConfig } from './config.ts';
import { CommandPartitions } from './inbound/command-partitions.ts';
import { ConnectionsConsumer } from './inbound/connections.consumer.ts';
import { PageCommandsConsumer } from './inbound/page-commands.consumer.ts';
import { PartitionOwner } from './inbound/partition-owner.ts';
import { Lifetime } from './lifetime.ts';
import { DeliveryGauges, DeliveryMetrics } from './outbound/delivery-metrics.ts';
import { KafkaConnectionReporter } from './outbound/kafka-connection.reporter.ts';
import { KafkaLedgerWriter } from './outbound/kafka-ledger.writer.ts';
import { OncallDestinationClient } from './outbound/oncall-destination-client.ts';
import { service } from './outbound/source.ts';
import { laneSettingsOf, policyOf } from './settings.ts';

// More than the publisher's bound of a batch, and within what a reader takes: a state of this size goes alone, compressed.
const maxRecordBytes = 1024 * 1024;

@Module({})
export class PageDeliveryModule {
  static forRoot(config: PageDeliveryConfig): DynamicModule {
    const ring = ringOf(config);
    return {
      module: PageDeliveryModule,
      imports: [ServiceModule.forRoot({ name: service, config })],
      controllers: [PageCommandsConsumer],
      providers: [...kafka, ...outbound(config, ring), ...delivering(config), ...running(config)],
    };
  }
}

const kafka: Provider[] = [
  publisherProvider({ maxRecordBytes }),
  rangeReaderProvider,
  ConnectionsConsumer,
  tableViewProvider([ConnectionRecords.card], ConnectionsConsumer),
];

const outbound = (config: PageDeliveryConfig, ring: KeyRing): Provider[] => [
  { provide: CLOCK, useValue: steadyClock },
  DeliveryMetrics,
  DeliveryGauges,
  KafkaLedgerWriter,
  KafkaConnectionReporter,
  {
    provide: OncallDestinationClient,
    useValue: new OncallDestinationClient(dataCenterCatalogue(config), ring, config.CALL_TIMEOUT_MS),
  },
  {
    provide: UnheldKeys,
    useFactory: (registry: Registry, log: Log) => new UnheldKeys(registry, log, { kids: ring.kids, kidOf }),
    inject: [Registry, LOG],
  },
];

// Before Nest starts, which would hide the message of a bad variable behind its own stack.
const ringOf = ({ CREDENTIALS_PRIVATE_KEYS }: PageDeliveryConfig): KeyRing =>
  fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(CREDENTIALS_PRIVATE_KEYS));

const delivering = (config: PageDeliveryConfig): Provider[] => [
  Connections,
  {
    provide: Notices,
    useFactory: (log: Log) => {
      const limit = new LogLimiter((kind, leftOut) => log.warn({ kind, leftOut }, 'lines of this kind were left out'));
      return new Notices(log, limit);
    },
    inject: [LOG],
  },
  {
    provide: Lease,
    // The consumer is ready while it is a member of the group and has not asked to join again.
    useFactory: (health: Health) => new Lease(() => health.isReady('kafka')),
    inject: [Health],
  },
  {
    provide: CredentialWatch,
    useFactory: (
      destination: OncallDestinationClient,
      reporter: KafkaConnectionReporter,
      connections: Connections,
      notices: Notices,
      log: Log,
    ) => new CredentialWatch(destination, reporter, connections, notices, steadyClock, log),
    inject: [OncallDestinationClient, KafkaConnectionReporter, Connections, Notices, LOG],
  },
  {
    provide: Attempts,
    useFactory: (
      destination: OncallDestinationClient,
      connections: Connections,
      { mayCall }: Lease,
      log: Log,
      notices: Notices,
      metrics: DeliveryMetrics,
    ) => {
      const { backoff } = laneSettingsOf(config);
      const policy = policyOf(config);
      const parts = { destination, connections, mayCall, policy, backoff, log, notices, metrics };
      return new Attempts({ ...parts, clock: steadyClock, random: Math.random });
    },
    inject: [OncallDestinationClient, Connections, Lease, LOG, Notices, DeliveryMetrics],
  },
  {
    provide: Lanes,
    useFactory: (attempts: Attempts, credentials: CredentialWatch, connections: Connections, notices: Notices) =>
      new Lanes(laneSettingsOf(config), attempts, credentials, connections, notices, steadyClock),
    inject: [Attempts, CredentialWatch, Connections, Notices],
  },
  {
    provide: Ledger,
    useFactory: (
      writer: KafkaLedgerWriter,
      log: Log,
      notices: Notices,
      metrics: DeliveryMetrics,
      { mayWrite }: Lease,
      lanes: Lanes,
    ) => {
      const restingBytes = config.RESTING_MIB * 1024 * 1024;
      const onWork: OnWork = (ledgerPartition, key, pages) => lanes.add(ledgerPartition, key, pages);
      return new Ledger({ writer, clock: steadyClock, log, notices, metrics, mayWrite, onWork, restingBytes });
    },
    inject: [KafkaLedgerWriter, LOG, Notices, DeliveryMetrics, Lease, Lanes],
  },
  {
    provide: Intake,
    useFactory: (ledger: Ledger, partitions: CommandPartitions, log: Log) =>
      new Intake(ledger, partitions, config.WAITING_MIB * 1024 * 1024, log),
    inject: [Ledger, CommandPartitions, LOG],
  },
  {
    provide: Drains,
    useFactory: (
      connections: Connections,
      ledger: Ledger,
      reporter: KafkaConnectionReporter,
      log: Log,
      { mayWrite }: Lease,
    ) => new Drains(connections, ledger, reporter, steadyClock, log, mayWrite),
    inject: [Connections, Ledger, KafkaConnectionReporter, LOG, Lease],
  },
  {
    provide: Delivery,
    useFactory: (
      ledger: Ledger,
      lanes: Lanes,
      attempts: Attempts,
      credentials: CredentialWatch,
      intake: Intake,
      log: Log,
    ) => new Delivery(ledger, lanes, attempts, credentials, intake, policyOf(config), steadyClock, log),
    inject: [Ledger, Lanes, Attempts, CredentialWatch, Intake, LOG],
  },
];

const running = (config: PageDeliveryConfig): Provider[] => [
  CommandPartitions,
  PartitionOwner,
  {
    provide: CONSUMER_TUNING,
    useFactory: (
      { onAssigned, onDisowned }: PartitionOwner,
      { onConsumer }: CommandPartitions,
      delivery: Delivery,
      lease: Lease,
    ): ConsumerTuning => {
      const beforeRebalance = (signal: AbortSignal) => lease.whileRebalancing(() => delivery.settled(signal));
      // A batch mostly waits for the ledger.
      const concurrency = PageCommands.card.partitions;
      const sessionTimeoutMs = config.SESSION_TIMEOUT_MS;
      return { onAssigned, onDisowned, beforeRebalance, onConsumer, concurrency, sessionTimeoutMs };
    },
    inject: [PartitionOwner, CommandPartitions, Delivery, Lease],
  },
  Lifetime,
];
