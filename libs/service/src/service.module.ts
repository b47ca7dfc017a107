import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { KafkaSettings } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { AccessGuard } from './access/access.guard.ts';
import { accessProviders } from './access/access-providers.ts';
import { apiTokenProviders } from './api-tokens/api-token-providers.ts';
import { denialsProvider } from './audit/denials.provider.ts';
import { brokersOf, type CommonConfig, kafkaSecurityOf } from './config.ts';
import { Health } from './health.ts';
import { Bodies } from './http/bodies.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { validation } from './http/validation.ts';
import { kafkaMetrics } from './kafka/kafka-metrics.ts';
import { KafkaStartup } from './kafka/kafka-startup.ts';
import { createLog, kafkaLog, requestLogging, ServiceLogger } from './logging.ts';
import { showCertificates } from './management/certificates.ts';
import { ManagementServer } from './management/management-server.ts';
import { createMetrics } from './metrics.ts';
import { Startup } from './startup.ts';
import { CONFIG, KAFKA_SETTINGS, LOG } from './tokens.ts';

export interface ServiceOptions {
  /** The name of the service: its folder, container, consumer group, client id and metric label. */
  readonly name: string;
  readonly config: CommonConfig;
  /** Whether the service starts even with an invalid access policy, since pages must not wait for what only callers need. */
  readonly carriesPages?: boolean;
}

/** What every route has. */
const edge: Provider[] = [
  Bodies,
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_PIPE, useFactory: validation },
  { provide: APP_FILTER, useClass: ProblemFilter },
];

/** The providers of every service: log, health, metrics, access, start-up steps and the connection to Kafka. */
@Global()
@Module({})
export class ServiceModule {
  static forRoot({ name, config, carriesPages = false }: ServiceOptions): DynamicModule {
    const log = createLog(name, config.LOG_LEVEL);
    const registry = createMetrics(name);
    showCertificates(registry, { ...config });
    const settings: KafkaSettings = {
      brokers: brokersOf(config),
      clientId: name,
      security: kafkaSecurityOf(config),
      log: kafkaLog(log),
      observer: kafkaMetrics(registry),
      maxDecompressedBytes: config.KAFKA_MAX_BATCH_MIB * 1024 * 1024,
    };
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOG, useValue: log satisfies Log },
      { provide: KAFKA_SETTINGS, useValue: settings },
      { provide: Registry, useValue: registry },
      ...accessProviders(config, registry, log, carriesPages),
      ...apiTokenProviders(name, config, registry),
      denialsProvider(name, registry),
      Health,
      ManagementServer,
      ServiceLogger,
      Startup,
      KafkaStartup,
    ];
    return {
      module: ServiceModule,
      imports: [DiscoveryModule, LoggerModule.forRoot(requestLogging(log))],
      providers: [...providers, ...edge],
      exports: providers,
    };
  }
}
