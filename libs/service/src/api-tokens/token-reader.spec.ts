import { afterEach, expect, it } from '@jest/globals';
import { TokenTable } from '@pagebridge/access';
import { plaintext } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { TokenReader } from './token-reader.ts';

const quiet = () => undefined;
const kafkaLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let reader: TokenReader;
afterEach(() => reader.onApplicationShutdown());

it('retries in the background without Kafka, logs each failure, and is not ready, while no API token is accepted', async () => {
  const errors: string[] = [];
  reader = new TokenReader({
    settings: { brokers: [], security: plaintext, clientId: 'spec', log: kafkaLog, connectTimeoutMs: 0 },
    table: new TokenTable(),
    clock: { now: () => new Date() },
    log: { ...kafkaLog, error: (_fields, message) => void errors.push(message) },
    retryDelayMs: 1,
  });
  expect(reader.isFresh()).toBe(false);
  reader.start();
  await waitFor('two attempts', () => errors.length >= 2);
  expect(errors[0]).toMatch('reading API tokens failed');
  await waitFor('the cause in the health', () => reader.health().detail.includes('No Kafka broker answers'));
  expect([reader.isFresh(), reader.isFresh('a-token'), reader.health().ready]).toEqual([false, false, false]);
});
