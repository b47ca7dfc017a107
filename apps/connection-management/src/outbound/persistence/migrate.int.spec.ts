import 'reflect-metadata';
import { afterAll, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { OwnDatabase } from '../../service.features.ts';
import { createDataSource } from './data-source.ts';
import { connect, requireMigrations } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { TypeormStore } from './typeorm-store.ts';

const database = new OwnDatabase();
afterAll(() => database.drop());

const run = async () => {
  const lines: string[] = [];
  await migrate({ url: database.url }, (line) => lines.push(line));
  return lines.join('\n');
};

describe('migrate', () => {
  it('creates the database and its tables once in simultaneous runs', async () => {
    const said = await Promise.all([run(), run()]);
    expect(said.join('\n').match(/migrated: /g)).toHaveLength(migrations.length);
    expect(await run()).toContain(`up to date (0 run, ${migrations.length} in all)`);
  });

  it('completes a run that died between a statement and its record', async () => {
    await database.query('DELETE FROM migrations ORDER BY id DESC LIMIT 1');
    const dataSource = createDataSource({ url: database.url });
    await connect(dataSource, database.url);
    await expect(requireMigrations(dataSource, database.url)).rejects.toThrow(
      /lacks migrations: first run the program `migrations`/,
    );
    expect(await run()).toContain('(1 run,');
    await requireMigrations(dataSource, database.url);
    await dataSource.destroy();
  });

  it('takes over the API tokens of the former version, which name no integration', async () => {
    const dataSource = createDataSource({ url: database.url });
    await connect(dataSource, database.url);
    for (const _ of ['refusals', 'integrations']) await dataSource.undoLastMigration({ transaction: 'none' });
    await database.query(`INSERT INTO access_tokens
      (id, source_org, name, role, hash, last4, created_at, created_by, expires_at, version)
      VALUES (UUID(), 'acme-us', 'terraform', 'editor', SHA2('', 256), 'wXyZ', NOW(3), 'ada', NOW(3), 1)`);
    expect(await run()).toContain('migrated: AddIntegrations');
    const store = new TypeormStore(dataSource, () => undefined);
    const { items } = await store.tokens('acme-us', { limit: 1, after: undefined });
    expect(items).toMatchObject([{ name: 'terraform', integration: undefined }]);
    await dataSource.destroy();
  });

  it('creates columns that hold what the domain allows and match the entities', async () => {
    const columns = await database.query<{ TABLE_NAME: string; COLUMN_NAME: string }>(
      'SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()',
    );
    const dataSource = createDataSource({ url: database.url });
    await connect(dataSource, database.url);
    for (const { tableName, columns: expected } of dataSource.entityMetadatas) {
      const there = columns.filter((column) => column.TABLE_NAME === tableName).map((column) => column.COLUMN_NAME);
      expect(there.sort()).toEqual(expected.map((column) => column.databaseName).sort());
    }
    await dataSource.destroy();
  });

  it('leaves no connection open, which would keep the process alive, if it may not create the database', async () => {
    const [user, missing] = [uniqueName('m'), uniqueName('cm').replace('-', '_')];
    await database.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
    try {
      await database.query(`GRANT SELECT ON ${missing}.* TO '${user}'@'%'`);
      const place = Object.assign(new URL(database.url), { username: user, password: 'secret', pathname: missing });
      const attempt = migrate({ url: place.href }, () => undefined);
      await expect(attempt).rejects.toThrow(`there is no database ${missing}, and it cannot be created`);
      const open = 'SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?';
      await waitFor('the end of its connections', async () => (await database.query(open, [user])).length === 0);
    } finally {
      await database.query(`DROP USER '${user}'@'%'`);
    }
  });

  it('names the place and the cure, and not the password, when it cannot connect', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'canary-password';
    const attempt = migrate({ url: wrong.href }, () => undefined);
    await expect(attempt).rejects.toThrow(/cannot use the database at .*: the user or password is wrong/);
    await expect(attempt).rejects.not.toThrow(/canary/);
  });
});
