import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** The ports of `npm start` that documents used to name. */
const usualPorts = [8080, 8081, 8082, 8083, 8085, 8086, 8087, 8088, 9080, 9081, 9082, 9083, 9084, 9087, 9088, 9092];

/** Takes the usual ports of `npm start`, so that it listens on others; a program that calls one of these gets no answer. */
export class TakenPorts {
  readonly #servers: Server[] = [];

  async take(): Promise<void> {
    for (const port of usualPorts) {
      const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
      // Another process may have it already, which is as good.
      await once(server, 'listening').then(
        () => this.#servers.push(server),
        () => undefined,
      );
    }
  }

  giveBack(): void {
    for (const server of this.#servers) server.close();
  }
}
