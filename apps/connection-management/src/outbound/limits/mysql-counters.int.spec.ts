import 'reflect-metadata';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { connect, createDataSource } from '@pagebridge/database';
import { RateLimiterMySQL } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { ownDatabase, silent } from '../../service.fixtures.ts';
import { schema } from '../persistence/schema.ts';
import { MysqlCounters } from './mysql-counters.ts';

const database = ownDatabase();
let dataSource: DataSource;
beforeAll(async () => {
  await database.create();
  dataSource = createDataSource({ ...schema, url: database.url });
  await connect(dataSource, database.url, schema);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

it('a counter that meets a deadlock counts again', async () => {
  const deadlock = Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK', sqlState: '40001' });
  const consume = jest.spyOn(RateLimiterMySQL.prototype, 'consume').mockRejectedValueOnce(deadlock);
  const counters = new MysqlCounters(dataSource, silent);
  const changes = { name: 'changes', owner: 'acme-us', most: 7, windowSeconds: 3600 } as const;
  expect(await counters.acquire([changes])).toMatchObject([{ left: 6 }]);
  consume.mockRestore();
});
