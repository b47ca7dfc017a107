import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '@pagebridge/access';
import { Alerts, cards } from '@pagebridge/contracts';
import { type KafkaLog, LogLimiter } from '@pagebridge/kafka';
import { namesIn } from '@pagebridge/vocabulary';
import type { NextFunction, Request, Response } from 'express';
import { Logger as NestLogger, type Params } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import type { Registry } from 'prom-client';
import { version } from './build.ts';
import { closedCounterOf } from './metrics.ts';

/** What a line is about: the label `kind` of the count of lines that are left out. */
const kinds = ['page', 'connection', 'topic', 'request', 'other'] as const;
type Fields = Readonly<Record<string, unknown>> & { readonly res?: { readonly statusCode: number } };

const leftOutHelp = 'Lines that the log lacks because it had many of the same message, by what they are about.';

/**
 * Returns a logger that writes one JSON line per event to stdout: ids and counts, never the text of an alert or a secret.
 *
 * A fault repeats lines for each record or request. So except at level debug, the lines of a message are limited by their
 * connection, directory, org or topic, and by their reason. The lines that are left out are counted, and logged each minute.
 */
export function createLog(service: string, level: string, registry: Registry, stream?: DestinationStream): Logger {
  const leftOut = closedCounterOf(registry, 'pagebridge_log_lines_left_out_total', leftOutHelp, { kind: kinds });
  const limiter = new LogLimiter((message, lines) => log.warn({ suppressed: message, lines }, suppressed));
  const log = pino(
    {
      level,
      base: { service, version },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }), log: withErrorObjects },
      hooks: {
        logMethod(args, write, levelOfLine) {
          const [first, second] = args as unknown[];
          const fields = (typeof first === 'object' ? (first ?? {}) : {}) as Fields;
          const message = String(second ?? (fields === first ? fields.message : first)).slice(0, maxMessage);
          const isLimited = levelOfLine >= info && message !== suppressed;
          if (!isLimited || limiter.admits(message, subjectOf(fields, levelOfLine))) write.apply(this, args);
          else leftOut.inc({ kind: kindOf(fields) });
        },
      },
    },
    stream,
  );
  return log;
}

const suppressed = 'log messages suppressed';
const maxMessage = 200;
const [info, error] = [30, 50];

// A line of level error may be all that tells of a record, as of one that a table skips.
const subjectOf = (fields: Fields, level: number): string => {
  const { connectionId, directory, sourceOrg, topic, reason, res, partition, offset, firstOffset } = fields;
  const record = level >= error ? [partition, offset ?? firstOffset] : [];
  return [connectionId ?? directory ?? sourceOrg ?? topic, reason ?? res?.statusCode, ...record].join(' ');
};

function kindOf({ alertKey, connectionId, directory, topic, res }: Fields): (typeof kinds)[number] {
  if (alertKey !== undefined) return 'page';
  if ((connectionId ?? directory) !== undefined) return 'connection';
  if (topic !== undefined) return 'topic';
  return res ? 'request' : 'other';
}

// The field `error` is an object in every line: an index of the log refuses a field of two types.
const withErrorObjects = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (value instanceof Error) return [name === 'err' ? 'error' : name, reduced(value)];
      return [name, name === 'error' && value !== undefined ? { message: String(value) } : value];
    }),
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
 * A 5xx is a warning, except a 503 to an unknown caller; the code that knows the cause logs an error if it needs a human.
 */
export function requestLogging(logger: Logger): Params {
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
      customErrorObject: (_request, _response, error, { err: _err, ...values }) => ({
        ...values,
        error: error.message,
      }),
      customLogLevel: (request, response, error) =>
        error || (response.statusCode >= 500 && !isUnidentified(request, response)) ? 'warn' : 'debug',
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

/** Adapts the logger to the log interface of libs/kafka. */
export const kafkaLog = (logger: Logger): KafkaLog => {
  const log = logger.child({ context: 'kafka' });
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(withAlert({ ...fields }), message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
};

// Only lines about a dead letter have the key of its record: that of an alert, unless the card of the topic has another one.
function withAlert(fields: Fields): Fields {
  const { topic, key } = fields;
  const isOfAlert = (cards.find((card) => card.topic === topic) ?? Alerts.card).key === Alerts.card.key;
  return 'key' in fields && isOfAlert ? { ...namesIn(String(key ?? '')), ...fields } : fields;
}
