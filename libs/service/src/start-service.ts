import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccessGuard } from './access/access.guard.ts';
import { requireDeclaredRoutes } from './access/declared-routes.ts';
import { Denials } from './audit/denials.ts';
import { type CommonConfig, ConfigError } from './config.ts';
import { fail, warn } from './end-process.ts';
import { collectYoung } from './garbage.ts';
import { Health } from './health.ts';
import { readBodies } from './http/bodies.ts';
import { harden } from './http/harden.ts';
import { type OpenApiInfo, serveOpenApi } from './http/openapi.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { validation } from './http/validation.ts';
import { type ConsumerTuning, KafkaBatchServer } from './kafka/kafka-batch-server.ts';
import { identify, ServiceLogger } from './logging.ts';
import { ManagementServer, urlOf } from './management/management-server.ts';
import { keepMemoryPrivate } from './private-memory.ts';
import { Startup } from './startup.ts';
import { CONSUMER_TUNING, KAFKA_SETTINGS } from './tokens.ts';

export interface ServiceDefinition<Config extends CommonConfig> {
  readonly name: string;
  readonly loadConfig: () => Config;
  readonly module: (config: Config) => Parameters<typeof NestFactory.create>[0];
  readonly openApi?: OpenApiInfo;
}

/**
 * Runs a service until it is told to stop.
 *
 * Order of start: its memory closed to others, configuration, the management port (answering its probes as not ready), the
 * port for callers, start-up steps, consumers. Order of stop on SIGTERM and SIGINT: readiness off, `STOP_DELAY_MS`, the port for callers
 * closed, running batches finished and committed, group left, publishers closed, the management port closed.
 * Whatever prevents the start, or escapes as an error that nobody caught, is told in one line, and the exit code is 1.
 */
export async function startService<Config extends CommonConfig>(service: ServiceDefinition<Config>): Promise<void> {
  collectYoung();
  // A bug, rejected promises included: what is not committed or in the ledger is redone by whoever comes next.
  process.on('uncaughtException', (error) => fail(service.name, error));
  try {
    keepMemoryPrivate((message) => warn(service.name, message));
    const config = service.loadConfig();
    const app = await createApp(service.module(config), service.openApi);
    endOnSignal(app, config);
    await run(app, service.name, config);
  } catch (error) {
    fail(service.name, error);
  }
}

/** The application with everything that HTTP needs, not yet listening; tests and generators use it too. */
export async function createApp(
  module: Parameters<typeof NestFactory.create>[0],
  openApi?: OpenApiInfo,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(ServiceLogger));
  app.flushLogs();
  harden(app);
  // Whoever sends slower than this would hold a socket, and what came of the body, for nothing.
  Object.assign(app.getHttpServer(), { headersTimeout: 10_000, requestTimeout: 30_000 });
  app.use(identify);
  readBodies(app);
  requireDeclaredRoutes(app);
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter(app.get(Denials)));
  if (openApi) serveOpenApi(app, openApi);
  return app;
}

async function run(app: NestExpressApplication, name: string, config: CommonConfig): Promise<void> {
  const log = app.get(ServiceLogger);
  const health = app.get(Health);
  const startup = app.get(Startup);
  health.watch('startup', startup, 'started', 'ready');
  const management = await listenForManagement(app, config);
  const callers = await listen(app, config);
  log.log(`listening on ${callers === undefined ? '' : `${callers}, `}${management} (health and metrics)`);
  if (config.ACCESS === 'off') log.warn('access is off: whoever reaches this address may do everything');
  await startup.run(config.START_WAIT_MS);
  const server = new KafkaBatchServer(app.get(KAFKA_SETTINGS), name, tuningOf(app), (error) => fail(name, error));
  health.watch('kafka', { health: () => server.health() ?? { detail: 'no consumer' } }, 'live', 'ready');
  health.watch('partitions', { health: () => server.preparation() }, 'ready');
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  log.log('ready');
}

/** Where callers reach the routes; undefined where there are none. */
async function listen(
  app: NestExpressApplication,
  { HOST = '127.0.0.1', PORT }: CommonConfig,
): Promise<string | undefined> {
  if (PORT === undefined) {
    await app.init();
    return undefined;
  }
  await orConfigError(`PORT ${PORT} of HOST ${HOST}`, () => app.listen(PORT, HOST));
  return urlOf(app.getHttpServer().address() as AddressInfo);
}

const listenForManagement = (app: NestExpressApplication, config: CommonConfig): Promise<string> => {
  const { MANAGEMENT_HOST: host, MANAGEMENT_PORT: port } = config;
  const listens = () => app.get(ManagementServer).listen(port, host);
  return orConfigError(`MANAGEMENT_PORT ${port} of MANAGEMENT_HOST ${host}`, listens);
};

async function orConfigError<T>(what: string, listens: () => Promise<T>): Promise<T> {
  try {
    return await listens();
  } catch (error) {
    throw new ConfigError(`bad configuration: ${what} cannot be listened on (${(error as Error).message})`);
  }
}

const tuningOf = (app: INestApplication): ConsumerTuning => {
  try {
    // Through ModuleRef: the application itself would log the absence as an ERROR before it throws.
    return app.get(ModuleRef).get<ConsumerTuning>(CONSUMER_TUNING, { strict: false });
  } catch {
    // Most services provide none; Nest offers no other way to ask.
    return {};
  }
};

function endOnSignal(app: INestApplication, { STOP_DELAY_MS = 0, STOP_TIMEOUT_MS: timeoutMs }: CommonConfig): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    const log = app.get(ServiceLogger);
    log.log(`stopping on ${signal}`);
    app.get(Health).stop();
    await delay(STOP_DELAY_MS);
    setTimeout(() => {
      log.error(`not stopped after ${timeoutMs} ms; ending anyway, Kafka redelivers what was not committed`);
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
