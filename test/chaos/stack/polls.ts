import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { AnsweredPoll } from '../audit/history.ts';

/** The parties of a poll. */
export type Parties = Pick<AnsweredPoll, 'org' | 'reader'>;

/**
 * HTTP proxies in front of the API hosts, one for each destination and reader: a destination cannot tell the instances of
 * page-delivery apart, because they use the same keys.
 */
export class Polls {
  /** The lists that were answered, each by the request of its first part. */
  readonly answered: AnsweredPoll[] = [];
  readonly #servers: Server[] = [];

  /** Returns the URL that a reader calls instead of the target. */
  async through(target: string, parties: Parties): Promise<string> {
    const server = createServer((asked, response) => void this.#forward(target, parties, asked, response));
    this.#servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #forward(target: string, parties: Parties, asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = asked;
    const from = Date.now();
    const url = new URL(asked.url ?? '/', target);
    const forwarded = request(url, { method, headers });
    try {
      const [answered] = await Promise.all([once(forwarded, 'response'), pipeline(asked, forwarded)]);
      const [answer] = answered as [IncomingMessage];
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, response);
      const isPoll = url.pathname === '/api/v2/on-call/pages' && url.searchParams.get('page[number]') === '0';
      if (isPoll && answer.statusCode === 200) this.answered.push({ ...parties, from, until: Date.now() });
    } catch {
      // One of the two has ended the connection, and the other must notice.
      forwarded.destroy();
      response.destroy();
    }
  }
}
