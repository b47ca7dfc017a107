import { once } from 'node:events';
import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { urlToHttpOptions } from 'node:url';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { CONFIG, closedCounterOf, Problem, serviceProblems } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { type Counter, Registry } from 'prom-client';
import type { ConsoleGatewayConfig } from '../config.ts';
import { gatewayProblems as problems } from '../problems.ts';
import { originsOf, type Service, services } from '../services.ts';
import type { ProxiedRoute } from './proxied-routes.ts';

const sent = ['accept', 'content-length', 'content-type', 'if-match', 'if-none-match', 'last-event-id', 'traceparent'];
const answered = ['content-type', 'etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after'];

// Without a byte for so long, a service is away. A stream of events has a heartbeat.
const silenceMs = 30_000;

/**
 * The services behind the console, over connections that are kept. Of a request only listed headers go there, and no cookie; of an answer
 * only listed headers come back. Bodies are passed on as they come, and a client that leaves ends the request at the service: what the
 * service has read of a change it finishes.
 */
@Injectable()
export class Upstreams implements BeforeApplicationShutdown {
  private readonly origins: Readonly<Record<Service, string | undefined>>;
  private readonly agents = [new http.Agent({ keepAlive: true }), new https.Agent({ keepAlive: true })] as const;
  private readonly requests: Counter<'upstream' | 'status'>;
  private readonly streams = new Set<IncomingMessage>();

  constructor(@Inject(CONFIG) config: ConsoleGatewayConfig, registry: Registry) {
    this.origins = originsOf(config);
    const help = 'Forwarded requests, by service and status class. `away`: the service did not answer.';
    const values = { upstream: services, status: ['2xx', '3xx', '4xx', '5xx', 'away'] };
    this.requests = closedCounterOf(registry, 'pagebridge_console_requests_total', help, values);
  }

  /**
   * Answers a request with what the first of the route's services answers. Throws 411, 413, and 502 with the name of the service:
   * `service-away`, or `answer-lost` if the service may have made a change.
   */
  async pass(request: Request, response: Response, route: ProxiedRoute, token: string): Promise<void> {
    requireBounded(request, route.maxBytes);
    const there = route.services.flatMap((service) => {
      const origin = this.origins[service];
      return origin === undefined ? [] : [{ service, origin }];
    });
    if (there.length === 0) throw absent(route.services.join());
    for (const [index, { service, origin }] of there.entries()) {
      const upstream = this.send(origin, request, token);
      const leave = () => response.writableFinished || upstream.destroy();
      response.once('close', leave);
      const { answer, cause } = await answerOf(upstream);
      if (answer) return this.answer(service, answer, response);
      response.off('close', leave);
      if (response.destroyed) return;
      this.requests.inc({ upstream: service, status: 'away' });
      if (index === there.length - 1) {
        if (route.mayChange && !unsent.has(cause)) throw lost(service, cause);
        const detail = `${service} does not respond (${cause}).`;
        throw new Problem({ ...problems['service-away'], detail }, { service });
      }
    }
  }

  /** Ends the streams that would last as long as their page, which then reads from another instance. All else is answered first. */
  beforeApplicationShutdown(): void {
    for (const stream of this.streams) stream.destroy();
  }

  private send(origin: string, request: Request, token: string): ClientRequest {
    const target = urlToHttpOptions(new URL(origin));
    const [insecure, secure] = this.agents;
    const [client, agent] = target.protocol === 'https:' ? [https, secure] : [http, insecure];
    const path = request.path + (/\?.*$/s.exec(request.originalUrl)?.[0] ?? '');
    const headers = { ...listed(request.headers, sent), authorization: `Bearer ${token}` };
    const upstream = client.request({ ...target, agent, method: request.method, path, headers, timeout: silenceMs });
    upstream.on('timeout', () => upstream.destroy(new Error('ETIMEDOUT')));
    // `answerOf` hears of it; what fails later fails the body of the answer too.
    upstream.on('error', () => undefined);
    return request.pipe(upstream);
  }

  private async answer(service: Service, answer: IncomingMessage, response: Response): Promise<void> {
    const { statusCode: status = 502, headers } = answer;
    this.requests.inc({ upstream: service, status: `${Math.floor(status / 100)}xx` });
    const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
    // nginx would collect events before it passes them on.
    response.writeHead(status, { ...listed(headers, answered), ...(isStream ? { 'x-accel-buffering': 'no' } : {}) });
    response.flushHeaders();
    if (isStream && response.req.method === 'GET') this.streams.add(answer);
    try {
      await pipeline(answer, response);
    } catch {
      // Its status is sent, so that only the broken connection can tell the page. Or the page has left.
    } finally {
      this.streams.delete(answer);
    }
  }
}

const absent = (service: string): Problem =>
  new Problem({ ...problems['service-away'], detail: `This installation has no ${service}.` }, { service });

// There was no connection, so the service has not read a byte.
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function lost(service: Service, cause: string): Problem {
  const detail = `${service} gave no response (${cause}). The change may have been made: check before you retry.`;
  return new Problem({ ...problems['answer-lost'], detail }, { service });
}

/** Returns the answer to a request, or why there is none. */
async function answerOf(upstream: ClientRequest): Promise<{ answer?: IncomingMessage; cause: string }> {
  try {
    const [answer] = await once(upstream, 'response');
    return { answer, cause: '' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { cause: code ?? message };
  }
}

const listed = (headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders =>
  Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));

// The parser of Node sees to it that a body has the length that it states.
function requireBounded({ headers }: Request, maxBytes: number): void {
  if (headers['transfer-encoding'] !== undefined) {
    const detail = 'A request with a body requires the content-length header.';
    throw new Problem({ ...problems['length-required'], detail });
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    const detail = `The body is larger than ${maxBytes / 1024} KiB, the maximum of this route.`;
    throw new Problem({ ...serviceProblems['body-too-large'], detail });
  }
}
