import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Alerts, Directories } from '@pagebridge/contracts';
import { HandleRegistry, RegistryFeed, registryCards } from '@pagebridge/handle-registry';
import { type KafkaSettings, TableView } from '@pagebridge/kafka';
import { AlertTopics, type GapOf } from '@pagebridge/routing';
import {
  BackgroundTable,
  CLOCK,
  CONSUMER_TUNING,
  type ConsumerTuning,
  steadyClock as clock,
  Health,
  KAFKA_SETTINGS,
  LOG,
  publisherProvider,
  rangeReaderProvider,
  ServiceModule,
  tableViewProvider,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { DeferredPaging } from './application/deferred-paging/deferred-paging.ts';
import { RouteAlerts } from './application/route-alerts.use-case.ts';
import type { PageRoutingConfig } from './config.ts';
import { SyncLimiter } from './domain/sync-limiter.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { ConflictsController } from './inbound/conflicts.controller.ts';
import { ExplainController } from './inbound/explain.controller.ts';
import { RegistryChanges } from './inbound/registry-changes.ts';
import { DEFERRED_PAGING_MS, GAP_OF, ROUTING_METER, ROUTING_NOTICES } from './inbound/tokens.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaDecisionPublisher } from './outbound/kafka-decisions.publisher.ts';
import { KafkaHistory } from './outbound/kafka-history.ts';
import { OrgTopics } from './outbound/org-topics.ts';
import { gapsIn } from './outbound/registry-gaps.ts';
import { RoutingLog } from './outbound/routing-log.ts';
import { LateGauge, OrgTopicsGauge, RegistryGauges, RoutingMetrics } from './outbound/routing-metrics.ts';

@Module({})
export class PageRoutingModule {
  /** `group` is the consumer group for the topics that source orgs own. */
  static forRoot(config: PageRoutingConfig, group?: string): DynamicModule {
    return {
      module: PageRoutingModule,
      imports: [ServiceModule.forRoot({ name: 'page-routing', config, carriesPages: true })],
      controllers: [AlertsConsumer, ExplainController, ConflictsController],
      // AlertsConsumer is a provider too: Lifetime gives it the alerts of the topics that source orgs own.
      providers: [
        AlertsConsumer,
        ...registry,
        ...outbound,
        orgTopics(group),
        OrgTopicsGauge,
        ...deferredPaging(config),
        routing(config),
        tuning,
        Lifetime,
      ],
    };
  }
}

const registry: Provider[] = [
  HandleRegistry,
  AlertTopics,
  {
    provide: RegistryFeed,
    useFactory: (handles: HandleRegistry, late: DeferredPaging, topics: AlertTopics) =>
      new RegistryFeed(new RegistryChanges(handles, late, topics)),
    inject: [HandleRegistry, DeferredPaging, AlertTopics],
  },
  tableViewProvider(registryCards, RegistryFeed, { mayHaveGaps: true }),
  {
    // Only the list of conflicts needs to know which credentials are refused, so no alert waits for this table.
    provide: BackgroundTable,
    inject: [KAFKA_SETTINGS, HandleRegistry, LOG],
    useFactory: (settings: KafkaSettings, handles: HandleRegistry, log: Log) => {
      const { handle } = new RegistryFeed(handles);
      const failure = 'reading directories failed; conflicts unavailable; retrying';
      return new BackgroundTable({ settings, topics: [Directories.card.topic], onRecord: handle, failure, log });
    },
  },
  { provide: GAP_OF, useFactory: gapsIn, inject: [TableView, HandleRegistry] },
  RegistryGauges,
];

const outbound: Provider[] = [
  publisherProvider(),
  { provide: CLOCK, useValue: clock },
  KafkaDecisionPublisher,
  { provide: ROUTING_METER, useClass: RoutingMetrics },
  { provide: ROUTING_NOTICES, useClass: RoutingLog },
];

const orgTopics = (group?: string): Provider => ({
  provide: OrgTopics,
  useFactory: (settings: KafkaSettings, topics: AlertTopics) => new OrgTopics(settings, topics, clock, group),
  inject: [KAFKA_SETTINGS, AlertTopics],
});

const deferredPaging = (config: PageRoutingConfig): Provider[] => [
  { provide: DEFERRED_PAGING_MS, useValue: config.DEFERRED_PAGING_MINUTES * 60_000 },
  rangeReaderProvider,
  KafkaHistory,
  {
    provide: DeferredPaging,
    useFactory: (
      registry: HandleRegistry,
      publisher: KafkaDecisionPublisher,
      history: KafkaHistory,
      notices: RoutingLog,
      meter: RoutingMetrics,
      health: Health,
      topics: AlertTopics,
      orgTopics: OrgTopics,
      windowMs: number,
    ) => {
      const isMember = (topic: string) => (topic === Alerts.card.topic ? health.isMember : orgTopics.isMember);
      const ownsTopic = (sourceOrg: string) => topics.isOwner(sourceOrg);
      return new DeferredPaging({ registry, publisher, history, notices, meter, clock, isMember, ownsTopic, windowMs });
    },
    inject: [
      HandleRegistry,
      KafkaDecisionPublisher,
      KafkaHistory,
      ROUTING_NOTICES,
      ROUTING_METER,
      Health,
      AlertTopics,
      OrgTopics,
      DEFERRED_PAGING_MS,
    ],
  },
  LateGauge,
];

const routing = (config: PageRoutingConfig): Provider => ({
  provide: RouteAlerts,
  useFactory: (
    registry: HandleRegistry,
    topics: AlertTopics,
    publisher: KafkaDecisionPublisher,
    late: DeferredPaging,
    meter: RoutingMetrics,
    notices: RoutingLog,
    gapOf: GapOf,
  ) => {
    const limiter = new SyncLimiter(config.SYNC_REQUEST_GAP_SECONDS * 1000);
    const maxAgeMs = config.ALERT_MAX_AGE_MINUTES * 60_000;
    return new RouteAlerts({ registry, gapOf, topics, publisher, limiter, late, meter, notices, clock, maxAgeMs });
  },
  inject: [HandleRegistry, AlertTopics, KafkaDecisionPublisher, DeferredPaging, ROUTING_METER, ROUTING_NOTICES, GAP_OF],
});

// All partitions are handled concurrently: while one waits for Kafka, others are decided. Memory holds the fetched records of all.
const tuning: Provider = {
  provide: CONSUMER_TUNING,
  useFactory: (late: DeferredPaging): ConsumerTuning => ({
    concurrency: Alerts.card.partitions,
    onAssigned: async (assignment) => late.own(assignment),
    onDisowned: (assignments) => {
      for (const each of assignments) late.disown(each);
    },
  }),
  inject: [DeferredPaging],
};
