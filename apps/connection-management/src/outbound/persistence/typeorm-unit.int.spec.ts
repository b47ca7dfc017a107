import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createDataSource, inTransaction } from '@pagebridge/database';
import type { DataSource } from 'typeorm';
import { ownDatabase } from '../../service.fixtures.ts';
import { schema } from './schema.ts';
import { TypeormUnit } from './typeorm-unit.ts';

const database = ownDatabase();
let dataSource: DataSource;
beforeAll(async () => {
  await database.create();
  await database.query('SET GLOBAL TRANSACTION ISOLATION LEVEL READ COMMITTED');
  dataSource = createDataSource({ ...schema, url: database.url });
  await connect(dataSource, database.url, schema);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.query('SET GLOBAL TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await database.drop();
});

describe('a transaction on a server without gap locks by default', () => {
  it('accepts the settings of one of two simultaneous callers, and shows them to the other', async () => {
    const bothHaveLocked = Promise.withResolvers<void>();
    let locked = 0;
    const settle = () =>
      inTransaction(dataSource, async (manager) => {
        const unit = new TypeormUnit(manager);
        const settings = await unit.lockSourceOrg('acme-us');
        locked += 1;
        if (locked === 2) bothHaveLocked.resolve();
        await bothHaveLocked.promise;
        if (settings.version > 0) return 'seen';
        await unit.saveSourceOrg({ ...settings, version: 1, updatedAt: new Date() });
        return 'settled';
      });
    expect((await Promise.all([settle(), settle()])).toSorted()).toEqual(['seen', 'settled']);
  });
});
