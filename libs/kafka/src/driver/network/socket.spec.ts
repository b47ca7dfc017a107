import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSocket } from './socket.ts';

// A pre-shared key, so that no certificates are needed.
const psk = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const key = Buffer.from('secret');

describe('a connection to a broker', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  /** Returns how the connection ends for the broker: the code of an error, or `closed`. */
  async function endOf(its: Server, ssl?: object): Promise<string> {
    server = its.listen(0, '127.0.0.1');
    await once(its, 'listening');
    const ended = new Promise<string>((resolve) => {
      const accept = (socket: Socket) =>
        socket
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
          .on('close', () => resolve('closed'));
      its.on(ssl ? 'secureConnection' : 'connection', accept);
    });
    const { port } = its.address() as AddressInfo;
    const connected = Promise.withResolvers<void>();
    const { socket, reset } = openSocket({ host: '127.0.0.1', port, ssl, onConnect: connected.resolve });
    socket.on('error', connected.reject);
    await connected.promise;
    reset();
    return ended;
  }

  it('is reset, not closed, so that no buffered data is sent', async () => {
    expect(await endOf(createServer())).toBe('ECONNRESET');
  });

  it('is destroyed if it is already ending, so that the process can exit', async () => {
    server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { socket, reset } = openSocket({ host: '127.0.0.1', port, onConnect: () => undefined });
    await once(socket, 'connect');
    socket.end();
    reset();
    await once(socket, 'close');
  });

  it('is reset if it is encrypted', async () => {
    const tls = createTlsServer({ ...psk, pskCallback: () => key });
    const ssl = { ...psk, pskCallback: () => ({ identity: 'spec', psk: key }), checkServerIdentity: () => undefined };
    expect(await endOf(tls, ssl)).toBe('ECONNRESET');
  });
});
