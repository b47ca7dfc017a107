import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Logger,
  Optional,
} from '@nestjs/common';
import type { Log } from '@pagebridge/vocabulary';
import type { Request, Response } from 'express';
import { Denials } from '../audit/denials.ts';
import { allowedMethods } from '../http/allowed-methods.ts';
import { LOG } from '../tokens.ts';
import { Denial } from './denial.ts';
import { notJson } from './not-json.ts';
import { Problem, type ProblemKind } from './problem.ts';
import { serviceProblems } from './service-problems.ts';

/** Turns the errors of HTTP handlers into `application/problem+json`, and unexpected errors into a 500 without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  /** A service without Kafka has no audit, and denies nothing. */
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Optional() @Inject(Denials) private readonly denials?: Denials,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Problems are for HTTP only; the batch transport handles the errors of its own handlers.
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    response.locals.error = error;
    if (error instanceof Denial) this.denials?.note(request, error);
    if (response.headersSent) {
      response.end();
      return;
    }
    const allowed = isNoRoute(error) ? allowedMethods(request) : [];
    const isAllowed = allowed.length === 0 || allowed.includes(request.method);
    if (!isAllowed) response.setHeader('allow', allowed.join(', '));
    const problem = isAllowed ? toProblem(error) : notAllowed(request.method, allowed);
    const isUnexpected = problem.details.status >= 500 && !(error instanceof Problem);
    if (isUnexpected) this.logger.error({ error }, 'request failed: internal error');
    // The text of a driver may name users and hosts, so it is only in the log.
    const { cause, message } = problem;
    if (cause !== undefined) this.log.warn({ cause: message, driver: String(cause) }, 'request failed');
    if (problem.retryAfter !== undefined) response.setHeader('retry-after', problem.retryAfter);
    this.answer(problem, request, response);
  }

  /** Overridden for routes whose callers read nothing but the answers of another product. */
  protected answer(problem: Problem, request: Request & { id?: string }, response: Response): void {
    const { status, code, title, detail, errors } = problem.details;
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
    ...serviceProblems['method-not-allowed'],
    detail: `This path does not support ${method}; it supports ${allowed.join(', ')}.`,
  });

/** What Nest's router and the body parser refuse. Any other status is a defect of ours. */
const kinds: Readonly<Record<number, ProblemKind>> = {
  400: serviceProblems['bad-request'],
  404: serviceProblems['not-found'],
  413: serviceProblems['body-too-large'],
  415: serviceProblems['unsupported-media-type'],
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const kind = error instanceof HttpException ? kinds[error.getStatus()] : undefined;
  if (kind) return refused(kind, error as HttpException);
  const detail = 'Pagebridge failed unexpectedly. The request may have succeeded. Search the logs for the requestId.';
  return new Problem({ ...serviceProblems['internal-error'], detail });
}

function refused(kind: ProblemKind, error: HttpException): Problem {
  const { status } = kind;
  if (status === 413) return tooLarge(error.cause);
  const detail = describe(status, status === 404 ? withoutQuery(error.message) : error.message);
  const isBody = status === 400 && detail !== error.message;
  const errors = [{ field: 'body', message: detail, cure: 'Send one JSON object.' }];
  return new Problem({ ...kind, detail, ...(isBody ? { errors } : {}) });
}

// The error of the body parser holds the limit of the route.
function tooLarge(cause: unknown): Problem {
  const { limit = 0 } = (cause ?? {}) as { readonly limit?: number };
  const maximum = `${limit / 1024} KiB`;
  const detail = `The body is larger than ${maximum}, the maximum of this route.`;
  const errors = [{ field: 'body', message: detail, cure: `Send at most ${maximum}.` }];
  return new Problem({ ...serviceProblems['body-too-large'], detail, errors });
}

const describe = (status: number, message: string): string =>
  status === 400 && /JSON|token/i.test(message) ? notJson(message) : message;
