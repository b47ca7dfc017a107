import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const empty: Answer = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');

/** A service behind the gateway, in the process of a test: it answers as the test says. */
export class Upstream {
  readonly requests: IncomingMessage[] = [];
  answer = empty;
  private server: Server | undefined;

  private constructor(private readonly port: number) {}

  static async start(port = 0): Promise<Upstream> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const upstream = new Upstream((server.address() as AddressInfo).port);
    upstream.serveWith(server);
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  reset(): void {
    this.requests.length = 0;
    this.answer = empty;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  async restart(): Promise<void> {
    const server = createServer().listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.serveWith(server);
  }

  private serveWith(server: Server): void {
    this.server = server;
    server.on('request', (request, response) => {
      this.requests.push(request);
      this.answer(request, response);
    });
  }
}
