import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Alerts } from '@pagebridge/contracts';
import { HandleRegistry, RegistryFeed, registryCards } from '@pagebridge/handle-registry';
import {
  CLOCK,
  CONSUMER_TUNING,
  type ConsumerTuning,
  steadyClock as clock,
  publisherProvider,
  ServiceModule,
  tableViewProvider,
  UnreadableRecords,
} from '@pagebridge/service';
import { RouteAlerts } from './application/route-alerts.use-case.ts';
import type { PageRoutingConfig } from './config.ts';
import { SyncLimiter } from './domain/sync-limiter.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { ConflictsController } from './inbound/conflicts.controller.ts';
import { ExplainController } from './inbound/explain.controller.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './inbound/tokens.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaDecisionPublisher } from './outbound/kafka-decisions.publisher.ts';
import { RoutingLog } from './outbound/routing-log.ts';
import { RegistryGauges, RoutingMetrics } from './outbound/routing-metrics.ts';

@Module({})
export class PageRoutingModule {
  static forRoot(config: PageRoutingConfig): DynamicModule {
    return {
      module: PageRoutingModule,
      imports: [ServiceModule.forRoot({ name: 'page-routing', config })],
      controllers: [AlertsConsumer, ExplainController, ConflictsController],
      providers: [...registry, ...outbound, routing(config), tuning, Lifetime],
    };
  }
}

const registry: Provider[] = [
  HandleRegistry,
  UnreadableRecords,
  {
    provide: RegistryFeed,
    useFactory: (handles: HandleRegistry, unreadable: UnreadableRecords) => new RegistryFeed(handles, unreadable.tell),
    inject: [HandleRegistry, UnreadableRecords],
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

const routing = (config: PageRoutingConfig): Provider => ({
  provide: RouteAlerts,
  useFactory: (
    registry: HandleRegistry,
    publisher: KafkaDecisionPublisher,
    meter: RoutingMetrics,
    notices: RoutingLog,
  ) => {
    const limiter = new SyncLimiter(config.SYNC_REQUEST_GAP_SECONDS * 1000);
    const maxAgeMs = config.ALERT_MAX_AGE_MINUTES * 60_000;
    return new RouteAlerts({ registry, publisher, limiter, meter, notices, clock, maxAgeMs });
  },
  inject: [HandleRegistry, KafkaDecisionPublisher, ROUTING_METER, ROUTING_NOTICES],
});

// All partitions at once: while one waits for Kafka, others are decided. What is fetched is held for all of them.
const tuning: Provider = {
  provide: CONSUMER_TUNING,
  useValue: { concurrency: Alerts.card.partitions } satisfies ConsumerTuning,
};
