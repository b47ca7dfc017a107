import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** A request that was passed on, and how it was answered. */
export interface Passed {
  readonly path: string;
  /** The address of the server that answered. */
  readonly by: string;
  readonly body: string;
  readonly status: number;
}

/** Returns the address of the server for the request of a path. */
type Choice = (path: string) => string;

/** Lets servers take turns. */
export function inTurn(...servers: readonly string[]): Choice {
  let turn = 0;
  return () => {
    turn += 1;
    return servers[turn % servers.length] ?? '';
  };
}

/** Answers at the address of a part of a stack that was stopped: passes each request on to one of those that do its work now. */
export class Front {
  readonly passed: Passed[] = [];
  /** Chooses the server of each request. */
  choose: Choice;
  readonly #server = createServer((asked, answer) => {
    // Whoever asked has left, or the server has: nobody can be told anything.
    this.#pass(asked, answer).catch(() => answer.destroy());
  });

  private constructor(choose: Choice) {
    this.choose = choose;
  }

  /** Passes requests on to these servers in turn, until `choose` is another. */
  static async at(address: string, ...servers: readonly string[]): Promise<Front> {
    const front = new Front(inTurn(...servers));
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
    const { method, url: path = '', headers } = asked;
    const by = this.choose(path);
    const { hostname, port } = new URL(by);
    const body = await text(asked);
    const onward = request({ hostname, port, method, path, headers }).end(body);
    const [its] = (await once(onward, 'response')) as [IncomingMessage];
    const { statusCode: status = 0 } = its;
    this.passed.push({ path, by, body, status });
    await pipeline(its, answer.writeHead(status, its.headers));
  }
}
