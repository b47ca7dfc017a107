import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createDataSource, migrate } from '@pagebridge/database';
import type { DataSource } from 'typeorm';
import { ownDatabase } from '../../../service.fixtures.ts';
import { schema } from '../schema.ts';
import { TypeormStore } from '../typeorm-store.ts';

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

describe('the migrations', () => {
  it('take over the API tokens of the former version, which name no integration', async () => {
    const latest = ['without handle', 'shares', 'refusals', 'integrations'];
    for (const _ of latest) await dataSource.undoLastMigration({ transaction: 'none' });
    await database.query(`INSERT INTO access_tokens
      (id, source_org, name, role, hash, last4, created_at, created_by, expires_at, version)
      VALUES (UUID(), 'acme-us', 'terraform', 'editor', SHA2('', 256), 'wXyZ', NOW(3), 'ada', NOW(3), 1)`);
    const lines: string[] = [];
    await migrate({ url: database.url }, schema, (line) => lines.push(line));
    expect(lines.join('\n')).toContain('migrated: AddIntegrations');
    const store = new TypeormStore(dataSource, () => undefined);
    const { items } = await store.tokens('acme-us', { limit: 1, after: undefined });
    expect(items).toMatchObject([{ name: 'terraform', integration: undefined }]);
  });

  it('create columns that hold what the domain allows and match the entities', async () => {
    const columns = await database.query<{ TABLE_NAME: string; COLUMN_NAME: string }>(
      'SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()',
    );
    for (const { tableName, columns: expected } of dataSource.entityMetadatas) {
      const there = columns.filter((column) => column.TABLE_NAME === tableName).map((column) => column.COLUMN_NAME);
      expect(there.sort()).toEqual(expected.map((column) => column.databaseName).sort());
    }
  });
});
