import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Alerts } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { type KafkaSettings, Publisher, TableView } from '@pagebridge/kafka';
import {
  CONSUMER_TUNING,
  type ConsumerTuning,
  endProcess,
  Health,
  KAFKA_SETTINGS,
  LOG,
  ServiceModule,
  Startup,
  steadyClock,
} from '@pagebridge/service';
import { Registry } from 'prom-client';
import { RouteAlerts } from './application/route-alerts.use-case.ts';
import type { PageRoutingConfig } from './config.ts';
import { SyncLimiter } from './domain/sync-limiter.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { ConflictsController } from './inbound/conflicts.controller.ts';
import { ExplainController } from './inbound/explain.controller.ts';
import { RegistryConsumer, registryTopics } from './inbound/registry.consumer.ts';
import { ROUTING_METER, ROUTING_NOTICES } from './inbound/tokens.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaDecisionPublisher } from './outbound/kafka-decisions.publisher.ts';
import { type Log, RoutingLog } from './outbound/routing-log.ts';
import { RoutingMetrics, registerSizes } from './outbound/routing-metrics.ts';

const clock = steadyClock();

@Module({})
export class PageRoutingModule {
  static forRoot(config: PageRoutingConfig): DynamicModule {
    return {
      module: PageRoutingModule,
      imports: [ServiceModule.forRoot({ name: 'page-routing', config })],
      controllers: [AlertsConsumer, ExplainController, ConflictsController],
      providers: [...registry, ...routing(config), tuning, lifetime],
    };
  }
}

const registry: Provider[] = [
  { provide: HandleRegistry, useFactory: () => new HandleRegistry() },
  {
    provide: TableView,
    useFactory: (settings: KafkaSettings, handles: HandleRegistry, metrics: RoutingMetrics, prometheus: Registry) => {
      const consumer = new RegistryConsumer(handles, settings.log, (topic) => metrics.unreadable(topic));
      const view = new TableView(settings, { topics: registryTopics, onRecord: consumer.take, onFatal: endProcess });
      registerSizes(prometheus, handles, () => view.lag());
      return view;
    },
    inject: [KAFKA_SETTINGS, HandleRegistry, RoutingMetrics, Registry],
  },
];

const routing = (config: PageRoutingConfig): Provider[] => [
  { provide: RoutingMetrics, useFactory: (prometheus: Registry) => new RoutingMetrics(prometheus), inject: [Registry] },
  { provide: ROUTING_METER, useExisting: RoutingMetrics },
  { provide: ROUTING_NOTICES, useFactory: (log: Log) => new RoutingLog(log), inject: [LOG] },
  { provide: Publisher, useFactory: (settings: KafkaSettings) => new Publisher(settings), inject: [KAFKA_SETTINGS] },
  {
    provide: RouteAlerts,
    useFactory: (registry: HandleRegistry, publisher: Publisher, meter: RoutingMetrics, notices: RoutingLog) =>
      new RouteAlerts({
        registry,
        publisher: new KafkaDecisionPublisher(publisher, clock),
        limiter: new SyncLimiter(config.SYNC_REQUEST_GAP_SECONDS * 1000),
        meter,
        notices,
        clock,
        maxAgeMs: config.ALERT_MAX_AGE_MINUTES * 60_000,
      }),
    inject: [HandleRegistry, Publisher, RoutingMetrics, ROUTING_NOTICES],
  },
];

// All partitions at once: while one waits for Kafka, others are decided. What is fetched is held for all of them.
const tuning: Provider = {
  provide: CONSUMER_TUNING,
  useValue: { concurrency: Alerts.card.partitions } satisfies ConsumerTuning,
};

const lifetime: Provider = {
  provide: Lifetime,
  useFactory: (settings: KafkaSettings, startup: Startup, health: Health, publisher: Publisher, view: TableView) =>
    new Lifetime({ settings, startup, health, publisher, view }),
  inject: [KAFKA_SETTINGS, Startup, Health, Publisher, TableView],
};
