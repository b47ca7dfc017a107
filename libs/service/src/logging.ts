import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '@pagebridge/access';
import { type KafkaLog, LogLimiter } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { NextFunction, Request, Response } from 'express';
import { Logger as NestLogger, type Params } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** Returns a logger that writes one JSON line per event to stdout: ids and counts, never the text of an alert or a secret. */
export const createLog = (service: string, level: string, stream?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }), log: withReducedErrors },
      // `withReducedErrors` has already reduced the error.
      serializers: { err: (error: unknown) => error },
    },
    stream,
  );

const withReducedErrors = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? reduced(value) : value]),
  );

// pino logs every property of an error, and libraries attach their data to it: TypeORM the query and its parameters.
function reduced(error: Error): Record<string, unknown> {
  // pino appends the messages and stacks of the causes to those of the error.
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { readonly code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' ? { code } : {}) };
}

/**
 * Sets the id of a request to a new id, or to `caller:` and its `x-request-id`: a caller may choose an id that others have.
 *
 * Runs before any handler that may refuse the request.
 */
export function identify(request: Request & { id?: string }, _response: Response, next: NextFunction): void {
  const given = header(request.headers['x-request-id']);
  request.id = given === undefined ? randomUUID() : `caller:${given}`;
  next();
}

// The log contexts in which Nest reports each module, controller and route that it sets up.
const wiring = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's logger, with its lines about modules and routes at level debug: there are twenty at each start. */
export class ServiceLogger extends NestLogger {
  override log(message: unknown, ...context: unknown[]): void {
    if (wiring.has(String(context.at(-1)))) this.debug(message, ...context);
    else super.log(message, ...context);
  }
}

/**
 * Returns the options of request logging: method, path and status, without headers or bodies.
 *
 * A 5xx is a warning, except a 503 to an unknown caller; the code that knows the cause logs an error if it needs a human. The
 * warnings of each status are limited, because an outage makes every request fail.
 */
export function requestLogging(logger: Logger): Params {
  const limiter = limiterOf(logger);
  return {
    pinoHttp: {
      logger,
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: pathOf(request.url),
        }),
        res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
      },
      // Without the stack, which would be that of the logging code.
      customErrorObject: (_request, _response, error, values) => ({ ...values, err: undefined, error: error.message }),
      customLogLevel: (request, response, error) => {
        const failed = error || (response.statusCode >= 500 && !isUnidentified(request, response));
        return failed && limiter.admits(`answered ${response.statusCode}`) ? 'warn' : 'debug';
      },
    },
  };
}

// Whoever has the link to a snapshot may read it.
const pathOf = (url: string): string | undefined => url.split('?')[0]?.replace(/^(\/s\/).+/is, '$1…');

// The token cannot be checked now. The cause is logged once elsewhere, and strangers could flood the log with such requests.
const isUnidentified = (request: IncomingMessage & { identity?: Identity }, { statusCode }: ServerResponse): boolean =>
  statusCode === 503 && request.identity === undefined;

const header = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,100}$/.test(value) ? value : undefined;

/** Adapts the logger to the log interface of libs/kafka, whose warnings and errors a fault of Kafka repeats. */
export const kafkaLog = (logger: Logger): KafkaLog => {
  const log = logger.child({ context: 'kafka' });
  const limited = limitedLog(log);
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => limited.warn(fields ?? {}, message),
    error: (message, fields) => limited.error(fields ?? {}, message),
  };
};

/**
 * Returns a log that writes at most twenty lines a minute of each message, and the number of those that it leaves out. Use it
 * where a fault outside of this process repeats a line for each record or request. Its messages come from a closed list.
 */
export function limitedLog(log: Log): Log {
  const limiter = limiterOf(log);
  const write = (level: keyof Log) => (fields: object, message: string) => {
    if (limiter.admits(message)) log[level](fields, message);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Returns a limiter that logs how many messages of each kind it suppressed. */
export const limiterOf = (log: Pick<Log, 'warn'>): LogLimiter =>
  new LogLimiter((kind, leftOut) => log.warn({ kind, leftOut }, 'log messages suppressed'));
