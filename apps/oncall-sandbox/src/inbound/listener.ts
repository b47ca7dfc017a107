import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The certificate of a server with its chain, and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Where to listen: over TLS where there is a certificate, in the clear otherwise. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly certificate?: Certificate | undefined;
}

/** A started HTTP server and the origin it answers at. */
export interface Listener {
  readonly url: string;
  /** Lets running calls end for a moment, then closes every socket: a hanging fault must not keep the process. */
  stop(): Promise<void>;
}

const graceMs = 500;

/** Listens on a port, or on one that the system chooses for 0; rejects when the port is taken. */
export async function listen(app: RequestListener, { host, port, certificate }: Place): Promise<Listener> {
  const server = certificate ? createTlsServer({ ...certificate }, app) : createServer(app);
  server.listen(port, host);
  await once(server, 'listening');
  const url = `${certificate ? 'https' : 'http'}://${host}:${(server.address() as AddressInfo).port}`;
  return { url, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
