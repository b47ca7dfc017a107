import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import './client.ts';

const require = createRequire(import.meta.url);
type Queue = {
  checkPendingRequests(): void;
  push(request: object): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
};
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;

const queueOf = () =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1000,
    clientId: 'c',
    broker: 'b',
    logger: { debug: () => undefined },
  });

describe('kafkajs 2.2.4, patched', () => {
  it('does not wake up a thousand times a second for an idle connection', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    queue.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('still sends what was queued while the broker throttled', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    const sent: number[] = [];
    queue.maybeThrottle(500);
    const entry = { correlationId: 1, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(1) });
    jest.advanceTimersByTime(400);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(sent).toEqual([1]);
    queue.destroy();
    jest.useRealTimers();
  });
});
