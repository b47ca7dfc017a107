import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '@pagebridge/access';
import type { KafkaLog } from '@pagebridge/kafka';
import type { NextFunction, Request, Response } from 'express';
import { Logger as NestLogger, type Params } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** One JSON line per event on stdout. Says ids and counts, never the text of an alert and never a secret. */
export const createLog = (service: string, level: string, stream?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }), log: withBareErrors },
      // By then it is bare.
      serializers: { err: (error: unknown) => error },
    },
    stream,
  );

const withBareErrors = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? bare(value) : value]),
  );

// pino tells every field of an error, and libraries hang on it what they worked with: TypeORM the query and its parameters.
function bare(error: Error): Record<string, unknown> {
  // Messages and stacks of the causes are joined to its own.
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { readonly code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' ? { code } : {}) };
}

/** Gives a request the id that its caller sent, or a new one, before anything can refuse it; the request log keeps it. */
export function identify(request: Request & { id?: string }, _response: Response, next: NextFunction): void {
  request.id = header(request.headers['x-request-id']) ?? randomUUID();
  next();
}

// What Nest says of each module, controller and route that it puts together.
const wiring = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's log, with the lines about its wiring at level debug: there are twenty at each start. */
export class ServiceLogger extends NestLogger {
  override log(message: unknown, ...context: unknown[]): void {
    if (wiring.has(String(context.at(-1)))) this.debug(message, ...context);
    else super.log(message, ...context);
  }
}

/**
 * Request logging: method, path and status, without headers or bodies.
 *
 * A 5xx is a warning here, apart from a 503 to nobody known: what needs a human is logged as an error where its cause is known.
 */
export const requestLogging = (logger: Logger): Params => ({
  pinoHttp: {
    logger,
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
    },
    // Without a stack: it would be that of the logging.
    customErrorObject: (_request, _response, error, values) => ({ ...values, err: undefined, error: error.message }),
    customLogLevel: (request, response, error) =>
      error || (response.statusCode >= 500 && !isOfNobody(request, response)) ? 'warn' : 'debug',
  },
});

// A token of which nothing can be said now: why is told once, and strangers could fill the log with it.
const isOfNobody = (request: IncomingMessage & { identity?: Identity }, { statusCode }: ServerResponse): boolean =>
  statusCode === 503 && request.identity === undefined;

const header = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,128}$/.test(value) ? value : undefined;

/** The log that libs/kafka writes to. */
export const kafkaLog = (logger: Logger): KafkaLog => {
  const log = logger.child({ context: 'kafka' });
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
};
