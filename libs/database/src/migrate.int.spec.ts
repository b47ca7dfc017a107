import { afterAll, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { connect, requireMigrations } from './connect.ts';
import { createDataSource } from './data-source.ts';
import { migrate } from './migrate.ts';
import { ownDatabase, schema } from './settings.fixtures.ts';

const database = ownDatabase();
afterAll(() => database.drop());

const run = async () => {
  const lines: string[] = [];
  await migrate({ url: database.url }, schema, (line) => lines.push(line));
  return lines.join('\n');
};

describe('migrate', () => {
  it('creates the database and its tables once in simultaneous runs', async () => {
    const said = await Promise.all([run(), run()]);
    expect(said.join('\n').match(/migrated: /g)).toHaveLength(schema.migrations.length);
    expect(await run()).toContain(`up to date (0 run, ${schema.migrations.length} in all)`);
  });

  it('completes a run that died between a statement and its record', async () => {
    await database.query('DELETE FROM migrations ORDER BY id DESC LIMIT 1');
    const dataSource = createDataSource({ ...schema, url: database.url });
    await connect(dataSource, database.url, schema);
    await expect(requireMigrations(dataSource, database.url, schema)).rejects.toThrow(
      /lacks migrations: run the program `migrations`/,
    );
    expect(await run()).toContain('(1 run,');
    await requireMigrations(dataSource, database.url, schema);
    await dataSource.destroy();
  });

  it('leaves no connection open, which would keep the process alive, if it may not create the database', async () => {
    const [user, missing] = [uniqueName('m'), uniqueName('cm').replace('-', '_')];
    await database.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
    try {
      await database.query(`GRANT SELECT ON ${missing}.* TO '${user}'@'%'`);
      const place = Object.assign(new URL(database.url), { username: user, password: 'secret', pathname: missing });
      const attempt = migrate({ url: place.href }, schema, () => undefined);
      await expect(attempt).rejects.toThrow(`the database ${missing} does not exist and cannot be created`);
      const open = 'SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?';
      await waitFor('the end of its connections', async () => (await database.query(open, [user])).length === 0);
    } finally {
      await database.query(`DROP USER '${user}'@'%'`);
    }
  });

  it('names the place and the cure, and not the password, when it cannot connect', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'canary-password';
    const attempt = migrate({ url: wrong.href }, schema, () => undefined);
    await expect(attempt).rejects.toThrow(/cannot use the database at .*: the user or password is wrong/);
    await expect(attempt).rejects.not.toThrow(/canary/);
  });
});
