import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { services } from '../contexts/context.ts';
import { type End, run } from '../run.fixtures.ts';

export interface Asked {
  /** Method, path and query. */
  readonly line: string;
  readonly body?: unknown;
  readonly ifMatch?: string;
}
/** A status other than 200, or headers, are in `status` and `headers` beside the body. */
export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** All services of an installation at one address. */
export class FakeService {
  readonly asked: Asked[] = [];
  private readonly server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const body = headers['content-type'] ? await json(request) : undefined;
    const ifMatch = headers['if-match'];
    const asked = { line: `${method} ${url}`, ...(body ? { body } : {}), ...(ifMatch ? { ifMatch } : {}) };
    this.asked.push(asked);
    const answer = this.answer(asked);
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body && JSON.stringify(answer.body));
  });

  constructor(private readonly answer: (asked: Asked) => Answered) {}

  /** Runs a command line whose context is this installation, for the org `acme-us`. */
  async run(...line: readonly string[]): Promise<End> {
    if (!this.server.listening) await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const addresses = Object.fromEntries(Object.values(services).map((variable) => [variable, url]));
    const env = { PAGEBRIDGE_CONFIG: '/nowhere', PAGEBRIDGE_TOKEN: 'of-ada', PAGEBRIDGE_ORG: 'acme-us', NO_COLOR: '1' };
    return run(line, { ...env, ...addresses });
  }

  close(): void {
    this.server.close().closeAllConnections();
  }
}
