import { afterEach, expect, it } from '@jest/globals';
import { TokenTable } from '@pagebridge/access';
import { plaintext } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { TokenReader } from './token-reader.ts';

const quiet = () => undefined;
const kafkaLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let reader: TokenReader;
afterEach(() => reader.onApplicationShutdown());

it('is not waited for: without Kafka it says so, again and again, and no API token is believed', async () => {
  const told: string[] = [];
  reader = new TokenReader({
    settings: { brokers: [], security: plaintext, clientId: 'spec', log: kafkaLog, connectTimeoutMs: 0 },
    table: new TokenTable(),
    clock: { now: () => new Date() },
    tellUnreadable: quiet,
    log: { ...kafkaLog, error: (_fields, message) => void told.push(message) },
    againAfterMs: 1,
  });
  expect(reader.isFresh()).toBe(false);
  reader.start();
  await waitFor('two attempts', () => told.length >= 2);
  expect(told[0]).toMatch('the API tokens cannot be read');
  expect(reader.isFresh()).toBe(false);
});
