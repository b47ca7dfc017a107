import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that was passed on, and how it was answered. */
export interface Passed {
  readonly path: string;
  readonly body: string;
  readonly status: number;
}

/** Answers at the address of a part of a stack that was stopped: passes each request on to the next of those that do its work now. */
export class Front {
  readonly passed: Passed[] = [];
  readonly #servers: readonly string[];
  readonly #server = createServer((asked, answer) => {
    // Whoever asked has left, or the server has: nobody can be told anything.
    this.#pass(asked, answer).catch(() => answer.destroy());
  });
  #turn = 0;

  private constructor(servers: readonly string[]) {
    this.#servers = servers;
  }

  static async at(address: string, ...servers: readonly string[]): Promise<Front> {
    const front = new Front(servers);
    const { hostname, port } = new URL(address);
    front.#server.listen(Number(port), hostname);
    await once(front.#server, 'listening');
    return front;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { hostname, port } = new URL(this.#servers[this.#turn % this.#servers.length] ?? '');
    this.#turn += 1;
    const { method, url: path = '', headers } = asked;
    const body = await text(asked);
    const onward = request({ hostname, port, method, path, headers }).end(body);
    const [its] = (await once(onward, 'response')) as [IncomingMessage];
    const { statusCode: status = 0 } = its;
    this.passed.push({ path, body, status });
    its.pipe(answer.writeHead(status, its.headers));
  }
}
