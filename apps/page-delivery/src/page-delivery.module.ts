import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { Connections as ConnectionRecords, PageCommands } from '@pagebridge/contracts';
import { type KafkaSettings, RangeReader } from '@pagebridge/kafka';
import { KeyRing, kidOf } from '@pagebridge/sealed-credentials';
import {
  CLOCK,
  CONSUMER_TUNING,
  type ConsumerTuning,
  dataCenterCatalogue,
  fromVariable,
  Health,
  KAFKA_SETTINGS,
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
import { Connections } from './application/connections.ts';
import { Delivery } from './application/delivery.ts';
import { type DeliveryParts, deliveryParts } from './application/delivery-parts.ts';
import { Lease } from './application/lease.ts';
import { Ledger } from './application/ledger/ledger.ts';
import { OperatorLog } from './application/operator-log.ts';
import { PageReader } from './application/reading-back/page-reader.ts';
import { Lanes } from './application/scheduling/lanes.ts';
import { Scheduler } from './application/scheduling/scheduler.ts';
import type { PageDeliveryConfig } from './config.ts';
import { ConnectionsConsumer } from './inbound/connections.consumer.ts';
import { PageCommandsConsumer } from './inbound/page-commands.consumer.ts';
import { PartitionOwner } from './inbound/partition-owner.ts';
import { Lifetime } from './lifetime.ts';
import { DeliveryGauges, DeliveryMetrics } from './outbound/delivery-metrics.ts';
import { fetchBytes, KafkaCommands } from './outbound/kafka-commands.ts';
import { KafkaConnectionReporter } from './outbound/kafka-connection.reporter.ts';
import { KafkaLedgerWriter } from './outbound/kafka-ledger.writer.ts';
import { OncallDestinationClient } from './outbound/oncall-destination-client.ts';
import { snapshotLineOf } from './outbound/snapshot-line.ts';
import { service } from './outbound/source.ts';
import { deliverySettingsOf } from './settings.ts';

// More than the publisher's batch limit, and less than a reader's limit: such a record is sent alone, compressed.
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
  // The ledger's writes end with their lease, the reports after half a minute.
  publisherProvider({ maxRecordBytes, deliveryTimeoutMs: Number.POSITIVE_INFINITY }),
  rangeReaderProvider,
  ConnectionsConsumer,
  tableViewProvider([ConnectionRecords.card], ConnectionsConsumer, { mayHaveGaps: true }),
];

const outbound = (config: PageDeliveryConfig, ring: KeyRing): Provider[] => [
  { provide: CLOCK, useValue: steadyClock },
  DeliveryMetrics,
  DeliveryGauges,
  {
    provide: KafkaCommands,
    useFactory: (settings: KafkaSettings, log: Log) =>
      new KafkaCommands(new RangeReader(settings, fetchBytes), steadyClock, log),
    inject: [KAFKA_SETTINGS, LOG],
  },
  KafkaLedgerWriter,
  KafkaConnectionReporter,
  {
    provide: OncallDestinationClient,
    useValue: new OncallDestinationClient(
      dataCenterCatalogue(config),
      ring,
      config.CALL_TIMEOUT_MS,
      snapshotLineOf(config),
    ),
  },
  {
    provide: UnheldKeys,
    useFactory: (registry: Registry, log: Log) => new UnheldKeys(registry, log, { kids: ring.kids, kidOf }),
    inject: [Registry, LOG],
  },
];

// Called before Nest starts, because Nest would hide the message about a bad variable behind its own stack trace.
const ringOf = ({ CREDENTIALS_PRIVATE_KEYS }: PageDeliveryConfig): KeyRing =>
  fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(CREDENTIALS_PRIVATE_KEYS));

const PARTS = Symbol('PARTS');

const delivering = (config: PageDeliveryConfig): Provider[] => [
  // The consumer is ready while it is a member of the group and has not asked to rejoin.
  { provide: Lease, useFactory: (health: Health) => new Lease(health), inject: [Health] },
  {
    provide: PARTS,
    useFactory: (
      destination: OncallDestinationClient,
      writer: KafkaLedgerWriter,
      reporter: KafkaConnectionReporter,
      texts: KafkaCommands,
      lease: Lease,
      log: Log,
      metrics: DeliveryMetrics,
    ): DeliveryParts =>
      deliveryParts(deliverySettingsOf(config), {
        ...{ destination, writer, reporter, texts, lease, log, metrics },
        clock: steadyClock,
        random: Math.random,
      }),
    inject: [
      OncallDestinationClient,
      KafkaLedgerWriter,
      KafkaConnectionReporter,
      KafkaCommands,
      Lease,
      LOG,
      DeliveryMetrics,
    ],
  },
  part(Connections, 'connections'),
  part(OperatorLog, 'operatorLog'),
  part(Lanes, 'lanes'),
  part(Scheduler, 'scheduler'),
  part(PageReader, 'reader'),
  part(Ledger, 'ledger'),
  part(Delivery, 'delivery'),
];

const part = (provide: Type, name: keyof DeliveryParts): Provider => ({
  provide,
  useFactory: (parts: DeliveryParts) => parts[name],
  inject: [PARTS],
});

const running = (config: PageDeliveryConfig): Provider[] => [
  PartitionOwner,
  {
    provide: CONSUMER_TUNING,
    useFactory: ({ onAssigned, onDisowned }: PartitionOwner, delivery: Delivery, lease: Lease): ConsumerTuning => {
      const beforeRebalance = (signal: AbortSignal) => lease.whileRebalancing(() => delivery.callsRecorded(signal));
      // All partitions may run at once, because a batch mostly waits for the ledger.
      const concurrency = PageCommands.card.partitions;
      const sessionTimeoutMs = config.SESSION_TIMEOUT_MS;
      return { onAssigned, onDisowned, beforeRebalance, concurrency, sessionTimeoutMs };
    },
    inject: [PartitionOwner, Delivery, Lease],
  },
  Lifetime,
];
