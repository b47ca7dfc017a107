import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { KafkaSettings } from '@pagebridge/kafka';
import { keepMemoryPrivate } from '@pagebridge/process';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { requireDeclaredRoutes } from './access/declared-routes.ts';
import { type BaseConfig, ConfigError, useConfiguredProxy } from './config.ts';
import { fail, warn } from './end-process.ts';
import { collectYoung } from './garbage.ts';
import { Health } from './health.ts';
import { harden } from './http/harden.ts';
import { type OpenApiInfo, serveOpenApi } from './http/openapi.ts';
import { type ConsumerTuning, KafkaBatchServer } from './kafka/kafka-batch-server.ts';
import { identify, ServiceLogger } from './logging.ts';
import { ManagementServer, urlOf } from './management/management-server.ts';
import { showGauge } from './metrics.ts';
import { Startup } from './startup.ts';
import { AUTHENTICATOR, CONSUMER_TUNING, KAFKA_SETTINGS, LOG } from './tokens.ts';

export interface ServiceDefinition<Config extends BaseConfig> {
  readonly name: string;
  readonly loadConfig: () => Config;
  readonly module: (config: Config) => Parameters<typeof NestFactory.create>[0];
  readonly openApi?: OpenApiInfo;
  /** Whether the routes answer without Kafka: then callers are sent here even while the consumer is not in its group. */
  readonly servesWithoutKafka?: boolean;
}

/**
 * Runs a service until SIGTERM or SIGINT.
 *
 * Order of the start: protect the memory, load the configuration, open the management port (not ready yet), open the port for
 * callers, run the start-up steps, start the consumers if the service uses Kafka. Order of the stop: fail the ready probe, wait
 * `STOP_DELAY_MS`, close the port for callers, finish and commit running batches, leave the group, close publishers, close the
 * management port.
 * An error that prevents the start, or that nothing catches, is logged in one line, and the exit code is 1.
 */
export async function startService<Config extends BaseConfig>(service: ServiceDefinition<Config>): Promise<void> {
  collectYoung();
  // A bug, or a rejected promise that nothing handles. The next owner redoes work that is neither committed nor in the ledger.
  process.on('uncaughtException', (error) => fail(service.name, error));
  try {
    keepMemoryPrivate((message) => warn(service.name, message));
    const config = service.loadConfig();
    await useConfiguredProxy();
    const app = await createApp(service.module(config), service.openApi);
    endOnSignal(app, config);
    await run(app, service, config).catch((error) => {
      // A stop makes what is still starting fail. The process then ends when the stop has ended.
      if (!app.get(Health).isStopping) throw error;
    });
  } catch (error) {
    fail(service.name, error);
  }
}

/** Creates the application with all HTTP middleware, not yet listening; also used by tests and generators. */
export async function createApp(
  module: Parameters<typeof NestFactory.create>[0],
  openApi?: OpenApiInfo,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(ServiceLogger));
  app.flushLogs();
  harden(app);
  // A client that sends slower than this would occupy a socket and the memory of a partial body.
  const slowest = { headersTimeout: 10_000, requestTimeout: 30_000 };
  // Load balancers keep an idle connection for 60 s: one that is closed here first may carry their next request.
  Object.assign(app.getHttpServer(), { ...slowest, keepAliveTimeout: 65_000 });
  app.use(identify);
  // Without an authenticator there is no access guard, for which the routes would declare anything.
  if (provided(app, AUTHENTICATOR)) requireDeclaredRoutes(app);
  if (openApi) serveOpenApi(app, openApi);
  return app;
}

async function run(
  app: NestExpressApplication,
  service: Pick<ServiceDefinition<BaseConfig>, 'name' | 'servesWithoutKafka'>,
  config: BaseConfig,
): Promise<void> {
  const log = app.get<Log>(LOG);
  const startup = app.get(Startup);
  app.get(Health).watch('startup', startup);
  const management = await listenForManagement(app, config);
  const callers = await listen(app, config);
  log.info({ url: callers, managementUrl: management }, 'listening');
  if (config.ACCESS === 'off')
    log.warn({ cure: 'Set ACCESS=on and ACCESS_POLICY_FILE.' }, 'authentication is disabled');
  const settings = provided<KafkaSettings>(app, KAFKA_SETTINGS);
  const strategy = settings && consumersOf(app, service, settings);
  await startup.run(config.START_WAIT_MS);
  if (strategy) {
    app.connectMicroservice({ strategy });
    await app.startAllMicroservices();
  }
  log.info({}, 'ready');
}

/** Returns the consumers of a service, not yet started, and shows their health from now on. */
function consumersOf(
  app: NestExpressApplication,
  { name, servesWithoutKafka = false }: Pick<ServiceDefinition<BaseConfig>, 'name' | 'servesWithoutKafka'>,
  settings: KafkaSettings,
): KafkaBatchServer {
  const health = app.get(Health);
  const tuning = provided<ConsumerTuning>(app, CONSUMER_TUNING) ?? {};
  const server = new KafkaBatchServer(settings, name, tuning, (error) => fail(name, error));
  // The routes of a service that serves without Kafka need no consumer.
  for (const [name, part] of Object.entries(server.parts)) health[servesWithoutKafka ? 'show' : 'watch'](name, part);
  const help = '1 if the consumer of this instance has joined its group, else 0. `/health/ready` shows the cause.';
  showGauge(app.get(Registry), 'pagebridge_consumer_ready', help, () => Number(server.parts.kafka.health().ready));
  return server;
}

/** Listens for callers. Returns the URL of the routes, or undefined if the service has none. */
async function listen(
  app: NestExpressApplication,
  { HOST = '127.0.0.1', PORT }: BaseConfig,
): Promise<string | undefined> {
  if (PORT === undefined) {
    await app.init();
    return undefined;
  }
  // Without an address, Node takes `::`, which is IPv4 too, or `0.0.0.0` on a machine without IPv6, where `::` itself is an error.
  const start = () => (HOST === '::' ? app.listen(PORT) : app.listen(PORT, HOST));
  await orConfigError(`PORT ${PORT} of HOST ${HOST}`, start);
  return urlOf(app.getHttpServer().address() as AddressInfo);
}

const listenForManagement = (app: NestExpressApplication, config: BaseConfig): Promise<string> => {
  const { MANAGEMENT_HOST: host, MANAGEMENT_PORT: port } = config;
  const start = () => app.get(ManagementServer).listen(port, host);
  return orConfigError(`MANAGEMENT_PORT ${port} of MANAGEMENT_HOST ${host}`, start);
};

async function orConfigError<T>(address: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw new ConfigError(`bad configuration: cannot listen on ${address} (${(error as Error).message})`);
  }
}

/** Returns what is provided for a token, which may be nothing. */
function provided<T>(app: INestApplication, token: symbol): T | undefined {
  try {
    // Use ModuleRef: `app.get` would log a missing provider as an error before it throws.
    return app.get(ModuleRef).get<T>(token, { strict: false });
  } catch {
    // Nest has no other way to check.
    return undefined;
  }
}

function endOnSignal(app: INestApplication, { STOP_DELAY_MS = 0, STOP_TIMEOUT_MS: timeoutMs }: BaseConfig): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    const log = app.get<Log>(LOG);
    log.info({ signal }, 'stopping');
    app.get(Health).stop();
    await delay(STOP_DELAY_MS);
    setTimeout(() => {
      log.error({ timeoutMs }, 'stop timed out; exiting');
      process.exit(1);
    }, timeoutMs).unref();
    app.close().then(
      () => process.exit(0),
      (error) => fail('stop', error),
    );
  };
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.once('SIGINT', () => void stop('SIGINT'));
}
