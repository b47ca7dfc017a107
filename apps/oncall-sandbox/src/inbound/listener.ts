import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The certificate chain of a server and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The address of a server; with a certificate it uses TLS, otherwise plain HTTP. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly certificate?: Certificate | undefined;
}

/** A started HTTP server and its origin. */
export interface Listener {
  readonly url: string;
  /** Waits briefly for running calls, then closes every socket: a `hang` fault must not keep the process alive. */
  stop(): Promise<void>;
}

const graceMs = 500;

/** Listens on a port, or on a free one for 0; rejects if the port is taken. */
export async function listen(app: RequestListener, { host, port, certificate }: Place): Promise<Listener> {
  const server = certificate ? createTlsServer({ ...certificate }, app) : createServer(app);
  // As real destinations do; the default of 5 s would cut the calls of a client on a stalled machine.
  server.keepAliveTimeout = 65_000;
  // As in libs/service: `::` means every address, also on a machine without IPv6.
  server.listen(port, host === '::' ? undefined : host);
  await once(server, 'listening');
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `${certificate ? 'https' : 'http'}://${name}:${(server.address() as AddressInfo).port}`;
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
