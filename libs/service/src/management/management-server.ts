import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { Health } from '../health.ts';
import { showGauge } from '../metrics.ts';
import { LOG } from '../tokens.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Enough for probes and scrapers, even beside clients that hold an idle socket. */
const maxConnections = 100;
/** A client that sends or reads more slowly than this is disconnected. */
const timeoutMs = 10_000;

/**
 * Answers `/health/started`, `/health/live`, `/health/ready` and `/metrics` without tokens, on a port that is separate from the
 * routes for callers and must not be published.
 *
 * The management port is the last to close, so that a stopping service answers as not ready until its end.
 */
@Injectable()
export class ManagementServer implements OnApplicationShutdown {
  private readonly server: Server;
  private readonly answers: Readonly<Record<string, () => Promise<Answer>>>;

  constructor(
    health: Health,
    registry: Registry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const probe = async (kind: 'started' | 'live' | 'ready') => {
      const { ok, checks } = health.report(kind);
      return json(ok ? 200 : 503, { status: ok ? 'ok' : 'failing', checks });
    };
    showGauge(
      registry,
      'pagebridge_ready',
      '1 if this instance is ready, else 0. `/health/ready` shows the cause.',
      () => Number(health.report('ready').ok),
    );
    const metrics = async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() });
    this.answers = {
      '/health/started': () => probe('started'),
      '/health/live': () => probe('live'),
      '/health/ready': () => probe('ready'),
      '/metrics': metrics,
    };
    const limits = { headersTimeout: timeoutMs, requestTimeout: timeoutMs, connectionsCheckingInterval: timeoutMs };
    this.server = createServer(limits, (request, response) => void this.answer(request, response));
    this.server.maxConnections = maxConnections;
    this.server.setTimeout(timeoutMs);
  }

  /** Starts listening and returns the URL; rejects if the port cannot be bound. */
  async listen(port: number, host: string): Promise<string> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    return urlOf(this.server.address() as AddressInfo);
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Who asks comes again later than an idle connection is kept, and may send just when it is closed.
    response.shouldKeepAlive = false;
    const { status, type, body } = await this.answerTo(request);
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async answerTo({ method = '', url = '' }: IncomingMessage): Promise<Answer> {
    const path = url.split('?', 1)[0] ?? '';
    const answer = Object.hasOwn(this.answers, path) ? this.answers[path] : undefined;
    if (!answer) return problem(404, 'not-found', `This port serves ${Object.keys(this.answers).join(', ')}.`);
    if (method !== 'GET' && method !== 'HEAD') return problem(405, 'method-not-allowed', 'Use GET or HEAD.');
    try {
      return await answer();
    } catch (error) {
      this.log.error({ error, path }, 'management request failed: internal error');
      return problem(500, 'internal-error', 'A health check failed unexpectedly. See the log.');
    }
  }
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

const titles: Readonly<Record<number, string>> = { 404: 'Not Found', 405: 'Method Not Allowed', 500: 'Internal error' };

const problem = (status: number, code: string, detail: string): Answer => ({
  ...json(status, { type: `urn:pagebridge:problem:${code}`, title: titles[status], status, detail, code }),
  type: 'application/problem+json; charset=utf-8',
});

/** Returns the http URL of the address that a server listens on. */
export const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
