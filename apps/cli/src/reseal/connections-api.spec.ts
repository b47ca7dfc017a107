import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { ConnectionsApi } from './connections-api.ts';

const connection = { connectionId: 'c-1', sourceOrg: 'acme-us', version: 3 } as Connection;
const server = createServer();

/** Returns the result for a seal when connection-management answers so. */
async function answerTo(listener: RequestListener) {
  server.removeAllListeners('request').on('request', listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return new ConnectionsApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined).put(
    connection,
    {},
  );
}
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('an answer of connection-management', () => {
  it('gives the reason of a refused seal', async () => {
    const answer = await answerTo((_request, response) => {
      response.writeHead(422).end(JSON.stringify({ code: 'invalid', detail: 'no such key' }));
    });
    expect(answer).toEqual({ kind: 'refused', detail: 'connection-management answers 422 invalid: no such key' });
  });

  it('reports `gone` if the connection or its whole source org is not found', async () => {
    const answer = await answerTo((_request, response) => {
      response.writeHead(404).end(JSON.stringify({ code: 'not-found', detail: 'no such source org' }));
    });
    expect(answer).toEqual({
      kind: 'gone',
      detail: 'connection-management answers 404 not-found: no such source org',
    });
  });

  it('is judged by its status if it is too large, and the rest of it is not read', async () => {
    let givenUp: Promise<unknown> | undefined;
    const answer = await answerTo((_request, response) => {
      givenUp = once(response, 'close');
      // The answer never ends.
      response.writeHead(422).write('x'.repeat(1024 * 1024));
    });
    expect(answer).toEqual({ kind: 'refused', detail: 'connection-management answers 422: without a reason' });
    await givenUp;
  });
});
