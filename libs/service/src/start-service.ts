import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccessGuard } from './access/access.guard.ts';
import { requireDeclaredRoutes } from './access/declared-routes.ts';
import { type CommonConfig, ConfigError } from './config.ts';
import { fail } from './end-process.ts';
import { collectYoung } from './garbage.ts';
import { Health } from './health.ts';
import { boundBody } from './http/bound-body.ts';
import { type OpenApiInfo, serveOpenApi } from './http/openapi.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { requireJson, validation } from './http/validation.ts';
import { type ConsumerTuning, KafkaBatchServer } from './kafka/kafka-batch-server.ts';
import { identify, ServiceLogger } from './logging.ts';
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
 * Order of start: configuration, HTTP (answering its probes as not ready), start-up steps, consumers. Order of stop on
 * SIGTERM and SIGINT: readiness off, HTTP closed, running batches finished and committed, group left, publishers closed.
 * Whatever prevents the start, or escapes as an error that nobody caught, is told in one line, and the exit code is 1.
 */
export async function startService<Config extends CommonConfig>(service: ServiceDefinition<Config>): Promise<void> {
  collectYoung();
  // A bug, rejected promises included: what is not committed or in the ledger is redone by whoever comes next.
  process.on('uncaughtException', (error) => fail(service.name, error));
  try {
    const config = service.loadConfig();
    const app = await createApp(service.module(config), service.openApi);
    endOnSignal(app, config.STOP_TIMEOUT_MS);
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
  app.disable('x-powered-by');
  // Whoever sends slower than this would hold a socket, and what came of the body, for nothing.
  Object.assign(app.getHttpServer(), { headersTimeout: 10_000, requestTimeout: 30_000 });
  app.use(identify);
  app.use(requireJson);
  app.useBodyParser('json', { limit: '1mb', type: ['application/json', 'application/*+json'] });
  app.use(boundBody);
  requireDeclaredRoutes(app);
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  if (openApi) serveOpenApi(app, openApi);
  return app;
}

async function run(app: NestExpressApplication, name: string, config: CommonConfig): Promise<void> {
  const log = app.get(ServiceLogger);
  const health = app.get(Health);
  const startup = app.get(Startup);
  health.addReady('startup', () => startup.status());
  await listen(app, config);
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  log.log(`listening on ${address}:${port}`);
  if (config.ACCESS === 'off') log.warn('access is off: whoever reaches this address may do everything');
  await startup.run();
  const server = new KafkaBatchServer(app.get(KAFKA_SETTINGS), name, tuningOf(app), (error) => fail(name, error));
  health.watch('kafka', { health: () => server.health() ?? { detail: 'no consumer' } }, 'live', 'ready');
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  log.log('ready');
}

async function listen(app: NestExpressApplication, { HOST, PORT }: CommonConfig): Promise<void> {
  try {
    await app.listen(PORT, HOST);
  } catch (error) {
    throw new ConfigError(
      `bad configuration: PORT ${PORT} of HOST ${HOST} cannot be listened on (${(error as Error).message})`,
    );
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

function endOnSignal(app: INestApplication, timeoutMs: number): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    const log = app.get(ServiceLogger);
    log.log(`stopping on ${signal}`);
    setTimeout(() => {
      log.error(`not stopped after ${timeoutMs} ms; ending anyway, Kafka redelivers what was not committed`);
      process.exit(1);
    }, timeoutMs).unref();
    app.close().then(
      () => process.exit(0),
      (error) => fail('stop', error),
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
}
