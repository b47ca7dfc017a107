import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Finds free ports of the loopback interface, all different. Another process may still take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}

/**
 * The first bytes that a server on loopback says, after hearing `hello` where one is given.
 *
 * Resolves to undefined when nobody listens, nothing is said within a second or the connection ends before.
 */
export function firstAnswer(port: number, hello?: Buffer, enough = 1): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1' });
    const end = () => {
      socket.destroy();
      resolve(heard.length >= enough ? heard : undefined);
    };
    socket.setTimeout(1000, end);
    socket.on('error', end).on('end', end);
    socket.on('connect', () => hello && socket.write(hello));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length >= enough) end();
    });
  });
}
