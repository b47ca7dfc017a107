import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Alerts } from '@pagebridge/contracts';
import { HandleRegistry, RegistryFeed, registryCards } from '@pagebridge/handle-registry';
import { type KafkaSettings, RangeReader } from '@pagebridge/kafka';
import {
  CLOCK,
  CONSUMER_TUNING,
  type ConsumerTuning,
  steadyClock as clock,
  endProcess,
  Health,
  KAFKA_SETTINGS,
  publisherProvider,
  ServiceModule,
  tableViewProvider,
  UnreadableRecords,
} from '@pagebridge/service';
import { LateBinding } from './application/late-binding/late-binding.ts';
import { RouteAlerts } from './application/route-alerts.use-case.ts';
import type { PageRoutingConfig } from './config.ts';
import { SyncLimiter } from './domain/sync-limiter.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { ConflictsController } from './inbound/conflicts.controller.ts';
import { ExplainController } from './inbound/explain.controller.ts';
import { RegistryChanges } from './inbound/registry-changes.ts';
import { LATE_BINDING_MS, ROUTING_METER, ROUTING_NOTICES } from './inbound/tokens.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaDecisionPublisher } from './outbound/kafka-decisions.publisher.ts';
import { historyTopics, KafkaHistory } from './outbound/kafka-history.ts';
import { RoutingLog } from './outbound/routing-log.ts';
import { LateGauge, RegistryGauges, RoutingMetrics } from './outbound/routing-metrics.ts';

@Module({})
export class PageRoutingModule {
  static forRoot(config: PageRoutingConfig): DynamicModule {
    return {
      module: PageRoutingModule,
      imports: [ServiceModule.forRoot({ name: 'page-routing', config })],
      controllers: [AlertsConsumer, ExplainController, ConflictsController],
      providers: [...registry, ...outbound, ...lateBinding(config), routing(config), tuning, Lifetime],
    };
  }
}

const registry: Provider[] = [
  HandleRegistry,
  UnreadableRecords,
  {
    provide: RegistryFeed,
    useFactory: (handles: HandleRegistry, late: LateBinding, unreadable: UnreadableRecords) =>
      new RegistryFeed(new RegistryChanges(handles, late), unreadable.tell),
    inject: [HandleRegistry, LateBinding, UnreadableRecords],
  },
  tableViewProvider(registryCards, RegistryFeed),
  RegistryGauges,
];

const outbound: Provider[] = [
  publisherProvider(),
  { provide: CLOCK, useValue: clock },
  KafkaDecisionPublisher,
  { provide: ROUTING_METER, useClass: RoutingMetrics },
  { provide: ROUTING_NOTICES, useClass: RoutingLog },
];

const lateBinding = (config: PageRoutingConfig): Provider[] => [
  { provide: LATE_BINDING_MS, useValue: config.LATE_BINDING_MINUTES * 60_000 },
  {
    provide: RangeReader,
    useFactory: (settings: KafkaSettings) => new RangeReader(settings, { topics: historyTopics, onFatal: endProcess }),
    inject: [KAFKA_SETTINGS],
  },
  KafkaHistory,
  {
    provide: LateBinding,
    useFactory: (
      registry: HandleRegistry,
      publisher: KafkaDecisionPublisher,
      history: KafkaHistory,
      notices: RoutingLog,
      meter: RoutingMetrics,
      health: Health,
      windowMs: number,
    ) => {
      const isMember = () => health.isReady('kafka');
      return new LateBinding({ registry, publisher, history, notices, meter, clock, isMember, windowMs });
    },
    inject: [
      HandleRegistry,
      KafkaDecisionPublisher,
      KafkaHistory,
      ROUTING_NOTICES,
      ROUTING_METER,
      Health,
      LATE_BINDING_MS,
    ],
  },
  LateGauge,
];

const routing = (config: PageRoutingConfig): Provider => ({
  provide: RouteAlerts,
  useFactory: (
    registry: HandleRegistry,
    publisher: KafkaDecisionPublisher,
    late: LateBinding,
    meter: RoutingMetrics,
    notices: RoutingLog,
  ) => {
    const limiter = new SyncLimiter(config.SYNC_REQUEST_GAP_SECONDS * 1000);
    const maxAgeMs = config.ALERT_MAX_AGE_MINUTES * 60_000;
    return new RouteAlerts({ registry, publisher, limiter, late, meter, notices, clock, maxAgeMs });
  },
  inject: [HandleRegistry, KafkaDecisionPublisher, LateBinding, ROUTING_METER, ROUTING_NOTICES],
});

// All partitions at once: while one waits for Kafka, others are decided. What is fetched is held for all of them.
const tuning: Provider = {
  provide: CONSUMER_TUNING,
  useFactory: (late: LateBinding): ConsumerTuning => ({
    concurrency: Alerts.card.partitions,
    onAssigned: async ({ partitions }) => late.own(partitions),
    onDisowned: (assignments) => late.disown(assignments.flatMap(({ partitions }) => partitions)),
  }),
  inject: [LateBinding],
};
