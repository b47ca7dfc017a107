import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { UnheldKeys } from './unheld-keys.ts';

const quiet = () => undefined;
const logged: object[] = [];
const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void logged.push(fields) };
const registry = new Registry();
const keys = new UnheldKeys(registry, log, { kids: ['new'], kidOf: (sealed) => sealed.split('.')[0] });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('logs once a minute all credentials that are sealed for unheld keys, until there are none', async () => {
  keys.sealed('a', ['new.1']);
  for (const id of ['b', 'c', 'd']) keys.sealed(id, ['old.1']);
  keys.sealed('d', ['new.2', 'older.1']);
  jest.advanceTimersByTime(1000);
  const cure = expect.stringContaining('CREDENTIALS_PRIVATE_KEYS');
  expect(logged).toEqual([{ credentials: 3, connections: 3, held: ['new'], unheld: ['old', 'older'], cure }]);
  expect(await registry.metrics()).toContain('pagebridge_credentials_of_unheld_keys 3');

  keys.sealed('b', ['new.3']);
  keys.sealed('c', []);
  jest.advanceTimersByTime(60_000);
  expect(logged.slice(1)).toMatchObject([{ credentials: 1, unheld: ['older'] }]);
  keys.sealed('d', ['new.4']);
  jest.advanceTimersByTime(120_000);
  expect(logged).toHaveLength(2);
  expect(await registry.metrics()).toContain('pagebridge_credentials_of_unheld_keys 0');
});
