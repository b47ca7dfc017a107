import { expect, it } from '@jest/globals';
import { StoreUnavailable } from '@pagebridge/database';
import { Registry } from 'prom-client';
import { OutboxMetrics } from './outbox-metrics.ts';

const lines: object[] = [];
const ignore = () => undefined;
const keep = (fields: object) => void lines.push(fields);
const log = { debug: ignore, info: ignore, warn: keep, error: keep };

it('a fault of the relay itself is logged with its stack, and takes no caller away', () => {
  const metrics = new OutboxMetrics(new Registry(), log);
  const bug = new Error('no such record');
  metrics.failing('relay', bug);
  expect(metrics.health()).toEqual({ ready: true });
  expect(lines).toEqual([{ error: bug }]);
  metrics.failing('database', new StoreUnavailable('the database does not answer'));
  expect(metrics.health()).toEqual({ ready: false, detail: 'the database does not answer' });
});
