import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { Services } from '../http/services.ts';
import { putSeals } from './put-seals.ts';

const connection = { connectionId: 'c-1', sourceOrg: 'acme-us', version: 3 } as Connection;
const server = createServer();

/** Returns the result for a seal when connection-management answers so. */
async function answerTo(listener: RequestListener) {
  server.removeAllListeners('request').on('request', listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return putSeals(new Services({ url }, async () => undefined))(connection, {});
}
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const notFound = { code: 'not-found', detail: 'no such source org' };
const said = (status: number, text: string) => `connection-management responded with ${status}${text}`;

describe('an answer of connection-management', () => {
  it.each([
    [422, { code: 'invalid', detail: 'no such key' }, { kind: 'refused', detail: said(422, ' invalid: no such key') }],
    [404, notFound, { kind: 'gone', detail: said(404, ' not-found: no such source org') }],
    [404, {}, { kind: 'denied', detail: said(404, ': no reason given') }],
    [401, {}, { kind: 'denied', detail: said(401, ': no reason given') }],
    [412, {}, { kind: 'changed' }],
    [429, { retryAfterMs: 5000 }, { kind: 'later', detail: said(429, ': no reason given'), afterMs: 5000 }],
    [503, {}, { kind: 'later', detail: said(503, ': no reason given'), afterMs: 2000 }],
  ])('of status %d and %j is told apart', async (status, body, expected) => {
    const answer = await answerTo(({ headers, url }, response) => {
      expect(headers['if-match']).toBe('"3"');
      expect(url).toBe('/v1/source-orgs/acme-us/connections/c-1/credentials/sealed');
      response.writeHead(status, { 'retry-after': '2' }).end(JSON.stringify(body));
    });
    expect(answer).toEqual(expected);
  });

  it('that does not come is awaited again', async () => {
    const answer = await answerTo((_request, response) => response.destroy());
    expect(answer).toEqual({ kind: 'later', detail: expect.stringContaining('is unreachable'), afterMs: 1000 });
  });
});
