import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { asRead } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { UnreadableRecords } from './unreadable-records.ts';

it('counts what is left out by its topic, and tells where it stands and why, never what it holds', async () => {
  const registry = new Registry();
  const told: object[] = [];
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void told.push(fields) };
  const record = asRead({ topic: 'a.v1', key: 'k', value: '{secret', headers: {} }, { partition: 3, offset: 7 });
  new UnreadableRecords(registry, log).tell(record, 'not-json');
  expect(told).toEqual([{ topic: 'a.v1', partition: 3, offset: 7, detail: 'not-json' }]);
  expect(await registry.metrics()).toContain('pagebridge_unreadable_table_records_total{topic="a.v1"} 1');
});
