import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { asRead } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { UnreadableRecords } from './unreadable-records.ts';

it('counts skipped records by topic, and logs their position and the reason, never their content', async () => {
  const registry = new Registry();
  const logged: object[] = [];
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void logged.push(fields) };
  const record = asRead({ topic: 'a.v1', key: 'k', value: '{secret', headers: {} }, { partition: 3, offset: 7 });
  new UnreadableRecords(registry, log).tell(record, 'not-json');
  expect(logged).toEqual([{ topic: 'a.v1', partition: 3, offset: 7, detail: 'not-json' }]);
  expect(await registry.metrics()).toContain('pagebridge_unreadable_table_records_total{topic="a.v1"} 1');
});
