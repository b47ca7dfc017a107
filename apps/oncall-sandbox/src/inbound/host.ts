import express, { type ErrorRequestHandler, type Request, type Response } from 'express';
import type { Fault } from '../domain/faults.ts';
import type { Org } from '../domain/org.ts';
import type { RateLimitState } from '../domain/rate-limit.ts';
import { type Answer, objectError, unknownRoute } from './answer.ts';
import { replyInstead, spoiled, tooManyRequests } from './fault-reply.ts';
import { readBody } from './read-body.ts';
import type { Call, Route } from './route.ts';

export type HostKind = 'api' | 'paging';

/** Serves one of an org's two hosts. Faults and rate limits apply before the routes; any other path answers 404. */
export function hostApp(org: Org, kind: HostKind, routes: readonly Route[]): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  for (const route of routes)
    app[route.method](route.path, (request, response) => serve(org, kind, route, request, response));
  app.use((request, response) => serve(org, kind, undefined, request, response));
  app.use(unreadableRequest);
  return app;
}

/** A received call; `endpoint` is the name under which it is counted, also for an unknown path. */
interface Received {
  readonly org: Org;
  readonly kind: HostKind;
  readonly route: Route | undefined;
  readonly endpoint: string;
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly at: Date;
}

async function serve(org: Org, kind: HostKind, route: Route | undefined, request: Request, response: Response) {
  const { method, path } = request;
  const endpoint = route?.endpoint ?? `${method} unknown`;
  const received = { org, kind, route, endpoint, request, query: queryOf(request), at: org.dependencies.now() };
  org.calls.called(endpoint, received.at);
  const body = await readBody(request);
  const { delayMs, fault } = org.faults.strike({ method, path, listener: kind, body: body ?? '' });
  log(received, fault, response);
  if (delayMs > 0) await org.dependencies.pause(delayMs);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
  const limit = org.rateLimits.of(kind, route?.endpoint).acquire(org.dependencies.now());
  const answer = answerOf(fault, limit, route, () => callOf(received, body));
  if (answer.status === 429) org.calls.rateLimited(endpoint, received.at);
  if (fault?.kind === 'reset-after-accept') return void request.socket.resetAndDestroy();
  write(response, answer, fault?.kind === 'rate-limited' ? exhausted(limit, fault.resetSeconds) : limit);
}

function answerOf(
  fault: Fault | undefined,
  limit: RateLimitState,
  route: Route | undefined,
  call: () => Call | undefined,
): Answer {
  const instead = fault && replyInstead(fault);
  if (instead) return instead;
  if (!limit.allowed) return tooManyRequests;
  if (!route) return unknownRoute;
  const read = call();
  if (!read) return objectError(413, 'Payload Too Large', 'the request body is too large');
  const answer = route.answer(read);
  return fault ? spoiled(fault, answer) : answer;
}

function callOf({ org, request, query }: Received, body: string | undefined): Call | undefined {
  if (body === undefined) return undefined;
  return {
    org,
    credential: { apiKey: request.get('dd-api-key'), applicationKey: request.get('dd-application-key') },
    params: request.params as Record<string, string>,
    query,
    body,
    now: org.dependencies.now(),
  };
}

function queryOf({ originalUrl }: Request): URLSearchParams {
  const mark = originalUrl.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : originalUrl.slice(mark + 1));
}

const exhausted = (limit: RateLimitState, resetSeconds: number): RateLimitState => ({
  ...limit,
  remaining: 0,
  resetSeconds,
});

function write(response: Response, { status, body, contentType, headers }: Answer, limit: RateLimitState): void {
  response.writeHead(status, {
    'x-ratelimit-limit': limit.limit,
    'x-ratelimit-period': limit.periodSeconds,
    'x-ratelimit-remaining': limit.remaining,
    'x-ratelimit-reset': limit.resetSeconds,
    'x-ratelimit-name': limit.name,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...headers,
  });
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}

// Only these parameters are kept: others might contain a key.
const shownParameter = /^(page|filter|fields|sort|include)\b/;

function log(
  { org, kind: listener, route, request, query: given, at }: Received,
  fault: Fault | undefined,
  response: Response,
) {
  const { method, path } = request;
  const query = Object.fromEntries([...given].filter(([name]) => shownParameter.test(name)));
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : 0;
    const durationMs = org.dependencies.now().getTime() - at.getTime();
    const said = { listener, method, path, query, route: route?.path ?? 'unknown', fault: fault?.kind ?? null };
    org.requests.add({ at, ...said, status, durationMs });
  });
}

// A path that cannot be decoded is a mistake of the caller, and a body that broke off has no recipient for an answer. Any
// other error is a defect of the sandbox and must be visible.
const unreadableRequest: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, _next) => {
  if (response.headersSent || response.destroyed) return;
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  response.status(status).json({ errors: [status >= 500 ? 'Internal Server Error' : 'Bad Request'] });
};
