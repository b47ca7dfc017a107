import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { ConnectionsApi } from './connections-api.ts';

const connection = { connectionId: 'c-1', sourceOrg: 'acme-us', version: 3 } as Connection;
const server = createServer();

/** What becomes of a seal where connection-management answers so. */
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
  it('says why a seal is refused', async () => {
    const answer = await answerTo((_request, response) => {
      response.writeHead(422).end(JSON.stringify({ code: 'invalid', detail: 'no such key' }));
    });
    expect(answer).toEqual({ kind: 'refused', detail: 'connection-management answers 422 invalid: no such key' });
  });

  it('tells what is not found, which may be the connection or the whole source org', async () => {
    const answer = await answerTo((_request, response) => {
      response.writeHead(404).end(JSON.stringify({ code: 'not-found', detail: 'no such source org' }));
    });
    expect(answer).toEqual({
      kind: 'gone',
      detail: 'connection-management answers 404 not-found: no such source org',
    });
  });

  it('counts by its status where it is too large, and its rest is given up', async () => {
    let givenUp: Promise<unknown> | undefined;
    const answer = await answerTo((_request, response) => {
      givenUp = once(response, 'close');
      // And never an end.
      response.writeHead(422).write('x'.repeat(1024 * 1024));
    });
    expect(answer).toEqual({ kind: 'refused', detail: 'connection-management answers 422: without a reason' });
    await givenUp;
  });
});
