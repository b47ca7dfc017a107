import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { connect } from './connect.ts';
import { createDataSource } from './data-source.ts';
import { inTransaction } from './in-transaction.ts';
import { ownDatabase, schema } from './settings.fixtures.ts';

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

describe('inTransaction', () => {
  it('is done again after a deadlock, of which nothing is stored', async () => {
    const bothHaveLocked = Promise.withResolvers<void>();
    let [runs, locked] = [0, 0];
    const raise = (...orgs: readonly [string, string]) =>
      inTransaction(dataSource, async (manager) => {
        runs += 1;
        for (const org of orgs) {
          await manager.query('UPDATE settings SET version = version + 1 WHERE org = ?', [org]);
          locked += 1;
          if (locked === 2) bothHaveLocked.resolve();
          await bothHaveLocked.promise;
        }
      });
    await Promise.all([raise('eu', 'us'), raise('us', 'eu')]);
    expect(runs).toBe(3);
    const rows = await database.query<{ version: number }>('SELECT version FROM settings');
    expect(rows.map(({ version }) => version)).toEqual([2, 2]);
  });
});
