import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import { LogLimiter } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { Request, Response } from 'express';
import { Denials } from '../audit/denials.ts';
import { limitedLog } from '../logging.ts';
import { LOG } from '../tokens.ts';
import { allowedMethods } from './allowed-methods.ts';
import { Denial } from './denial.ts';
import { Problem } from './problem.ts';

/** Turns the errors of HTTP handlers into `application/problem+json`, and unexpected errors into a 500 without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');
  private readonly limiter = new LogLimiter((_kind, leftOut) =>
    this.logger.warn({ leftOut }, 'more unexpected errors were not logged'),
  );
  private readonly log: Log;

  constructor(
    private readonly denials: Denials,
    @Inject(LOG) log: Log,
  ) {
    this.log = limitedLog(log);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    // Problems are for HTTP only; the batch transport handles the errors of its own handlers.
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof Denial) this.denials.note(request, error);
    if (response.headersSent) {
      response.end();
      return;
    }
    const allowed = isNoRoute(error) ? allowedMethods(request) : [];
    const isAllowed = allowed.length === 0 || allowed.includes(request.method);
    if (!isAllowed) response.setHeader('allow', allowed.join(', '));
    const problem = isAllowed ? toProblem(error) : notAllowed(request.method, allowed);
    const isUnexpected = problem.details.status >= 500 && !(error instanceof Problem);
    if (isUnexpected && this.limiter.admits('unexpected')) this.logger.error(error);
    // The text of a driver may name users and hosts, so it is only in the log.
    const { cause, message } = problem;
    if (cause !== undefined) this.log.warn({ cause: message, driver: String(cause) }, 'a request failed');
    const { status, code, title, detail, errors } = problem.details;
    const { retryAfterMs } = problem.extra;
    if (typeof retryAfterMs === 'number') response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:pagebridge:problem:${code}`,
          title,
          status,
          detail,
          code,
          instance: withoutQuery(request.originalUrl),
          ...(request.id ? { requestId: request.id } : {}),
          ...(errors ? { errors } : {}),
          ...problem.extra,
        }),
      );
  }
}

// A query string may hold a token, and clients may log or display answers.
const withoutQuery = (text: string): string => text.replace(/\?.*/s, '');

// Express matches method and path together, so it reports a wrong method as a missing path.
const isNoRoute = (error: unknown): boolean =>
  error instanceof HttpException && !(error instanceof Problem) && error.getStatus() === 404;

const notAllowed = (method: string, allowed: readonly string[]): Problem =>
  new Problem({
    status: 405,
    code: 'method-not-allowed',
    title: 'Method Not Allowed',
    detail: `This path does not support ${method}; it supports ${allowed.join(', ')}.`,
  });

const codes: Readonly<Record<number, string>> = { 400: 'bad-request', 404: 'not-found', 415: 'unsupported-media-type' };

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof HttpException)) {
    return new Problem({
      status: 500,
      code: 'internal-error',
      title: 'Internal error',
      detail:
        'Pagebridge failed unexpectedly; the request may or may not have been carried out. Search the logs for the requestId.',
    });
  }
  const status = error.getStatus();
  if (status === 413) return tooLarge(error.cause);
  const detail = describe(status, status === 404 ? withoutQuery(error.message) : error.message);
  const isBody = status === 400 && detail !== error.message;
  return new Problem({
    status,
    code: codes[status] ?? `http-${status}`,
    title: STATUS_CODES[status] ?? 'Error',
    detail,
    ...(isBody ? { errors: [{ field: 'body', message: detail, cure: 'Send one JSON object.' }] } : {}),
  });
}

// The error of the body parser holds the limit of the route.
function tooLarge(cause: unknown): Problem {
  const { limit = 0 } = (cause ?? {}) as { readonly limit?: number };
  const maximum = `${limit / 1024} KiB`;
  const detail = `The body is larger than ${maximum}, the maximum of this route.`;
  const errors = [{ field: 'body', message: detail, cure: `Send at most ${maximum}.` }];
  const title = STATUS_CODES[413] ?? '';
  return new Problem({ status: 413, code: 'body-too-large', title, detail, errors });
}

// The message of the parser quotes the body, which may hold a key: only the position is kept.
function describe(status: number, message: string): string {
  if (status !== 400 || !/JSON|token/i.test(message)) return message;
  const position = /position \d+/.exec(message)?.[0];
  return `The body is not JSON${position ? `: the mistake is at ${position}` : ''}. Send a JSON object.`;
}
