import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePools } from '@pagebridge/destination';
import { systemClock } from '@pagebridge/service';
import { KeyCheck } from '../../application/credentials/check-keys.ts';
import { oncallDestinations } from './oncall-destination.ts';

/** Accepts the keys, and never names their owner. */
const server = createServer((request, response) => {
  if (request.url === '/api/v1/validate') response.end('{"valid":true}');
  else if (request.url === '/api/v2/validate_keys') response.end('{"status":"ok"}');
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await closePools();
});

describe('a check of keys, at a destination that never answers,', () => {
  it('ends at its deadline, and reports what was checked until then', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dataCenter = { name: 'EU1', site: 'example.test', location: 'here', apiUrl: url, pagingUrl: url };
    const startedAt = performance.now();
    const check = new KeyCheck(oncallDestinations, systemClock, 1500);
    const keys = { apiKey: 'api-key-0001', applicationKey: 'ddapp_key-wxyz' };
    const problem = await check.demand(dataCenter, keys, () => undefined).catch((error: unknown) => error);
    // A single call that nothing ends takes 5 s.
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(problem).toMatchObject({
      details: { status: 503, code: 'destination-unavailable' },
      extra: {
        checks: expect.arrayContaining([
          expect.objectContaining({ name: 'api-key', result: 'passed' }),
          expect.objectContaining({ name: 'key-pair', result: 'passed' }),
          expect.objectContaining({ name: 'service-account', result: 'unknown' }),
          expect.objectContaining({ name: 'reads-teams', result: 'skipped' }),
        ]),
      },
    });
  });
});
