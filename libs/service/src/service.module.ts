import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { KafkaSettings } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { AccessGuard } from './access/access.guard.ts';
import { accessProviders } from './access/access-providers.ts';
import { MeController } from './access/me.controller.ts';
import { apiTokenProviders } from './api-tokens/api-token-providers.ts';
import { denialsProvider } from './audit/denials.provider.ts';
import { type BaseConfig, brokersOf, type CommonConfig, kafkaSecurityOf } from './config.ts';
import { Health } from './health.ts';
import { Bodies } from './http/bodies.ts';
import { validation } from './http/validation.ts';
import { kafkaMetrics } from './kafka/kafka-metrics.ts';
import { KafkaStartup } from './kafka/kafka-startup.ts';
import { createLog, kafkaLog, requestLogging, ServiceLogger } from './logging.ts';
import { showCertificates } from './management/certificates.ts';
import { ManagementServer } from './management/management-server.ts';
import { createMetrics } from './metrics.ts';
import { ProblemFilter } from './problems/problem.filter.ts';
import { Startup } from './startup.ts';
import { CONFIG, KAFKA_SETTINGS, LOG } from './tokens.ts';

export interface BaseOptions {
  /** The name of the service: its folder, container, consumer group, client id and metric label. */
  readonly name: string;
  readonly config: BaseConfig;
}

export interface ServiceOptions extends BaseOptions {
  readonly config: CommonConfig;
  /** Whether the service starts even with an invalid access policy, since pages must not wait for what only callers need. */
  readonly carriesPages?: boolean;
  /** Whether callers have API tokens only: then the service is not ready while it can accept none. */
  readonly requiresTokens?: boolean;
}

/** The providers of a service that uses no Kafka: log, health, metrics, start-up steps, and the answers to errors. */
@Global()
@Module({})
export class BaseModule {
  static forRoot(options: BaseOptions): DynamicModule {
    const { imports, providers } = baseOf(options);
    return { module: BaseModule, imports, providers: [...providers, problems], exports: providers };
  }
}

function baseOf({ name, config }: BaseOptions) {
  const registry = createMetrics(name);
  const log = createLog(name, config.LOG_LEVEL, registry);
  const providers = [
    { provide: CONFIG, useValue: config },
    { provide: LOG, useValue: log satisfies Log },
    { provide: Registry, useValue: registry },
    Health,
    ManagementServer,
    ServiceLogger,
    Startup,
  ];
  return { log, registry, providers, imports: [DiscoveryModule, LoggerModule.forRoot(requestLogging(log))] };
}

const problems: Provider = { provide: APP_FILTER, useClass: ProblemFilter };

/** What every route has. */
const edge: Provider[] = [
  Bodies,
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_PIPE, useFactory: validation },
  problems,
];

/**
 * The providers of every other service: those of BaseModule, the connection to Kafka, access and its audit.
 *
 * All in one module: of two modules that others use alike, Nest would end the inner one first, and the management port with it.
 */
@Global()
@Module({})
export class ServiceModule {
  static forRoot({ name, config, carriesPages = false, requiresTokens = false }: ServiceOptions): DynamicModule {
    const { log, registry, providers: base, imports } = baseOf({ name, config });
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
      ...base,
      { provide: KAFKA_SETTINGS, useValue: settings },
      ...apiTokenProviders(name, config, registry, requiresTokens),
      KafkaStartup,
      ...accessProviders(config, registry, log, carriesPages),
      denialsProvider(name, registry),
    ];
    return {
      module: ServiceModule,
      imports,
      // A service without a port for callers has no routes.
      controllers: config.PORT === undefined ? [] : [MeController],
      providers: [...providers, ...edge],
      exports: providers,
    };
  }
}
