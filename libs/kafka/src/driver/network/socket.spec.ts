import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSocket } from './socket.ts';

// A pre-shared key, so that no certificates are needed.
const psk = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const key = Buffer.from('secret');
const tls = { ...psk, pskCallback: () => key };
const client = { ...psk, pskCallback: () => ({ identity: 'spec', psk: key }), checkServerIdentity: () => undefined };

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

  it.each(['plain', 'encrypted'])(
    'is destroyed if it is already ending, so that the process can exit: %s',
    async (kind) => {
      const isTls = kind === 'encrypted';
      const accept = (socket: Socket) => socket.on('error', () => undefined);
      server = (isTls ? createTlsServer(tls, accept) : createServer(accept)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const connected = Promise.withResolvers<void>();
      const ssl = isTls ? client : undefined;
      const { socket, reset } = openSocket({ host: '127.0.0.1', port, ssl, onConnect: connected.resolve });
      await connected.promise;
      socket.end();
      reset();
      await once(socket, 'close');
    },
  );

  it('is reset if it is encrypted', async () => {
    expect(await endOf(createTlsServer(tls), client)).toBe('ECONNRESET');
  });
});
