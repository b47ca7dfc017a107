import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A started HTTP server and the origin it answers at. */
export interface Listener {
  readonly url: string;
  /** Lets running calls end for a moment, then closes every socket: a hanging fault must not keep the process. */
  stop(): Promise<void>;
}

const graceMs = 500;

/** Listens on a port, or on one that the system chooses for 0; rejects when the port is taken. */
export async function listen(app: RequestListener, host: string, port: number): Promise<Listener> {
  const server = createServer(app);
  server.listen(port, host);
  await once(server, 'listening');
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
