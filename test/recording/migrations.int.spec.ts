import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment, root } from '@pagebridge/local-stack/base';
import { uniqueName } from '@pagebridge/testing';
import { Recording } from './recording.ts';
import { askSql, columnsQuery, loadTables, narrowings, runSql, type Schema, uniquesQuery } from './tables.ts';

const name = uniqueName('recorded').replaceAll('-', '_');
const url = new URL(`/${name}`, process.env.DATABASE_URL).href;
const { tables } = new Recording();
const schema = async (): Promise<Schema> => ({
  columns: await askSql(url, columnsQuery),
  uniques: await askSql(url, uniquesQuery),
});

beforeAll(() => loadTables(url, tables));
afterAll(() => runSql(url, `DROP DATABASE ${name}`));

describe('the migrations since the recording', () => {
  it('only expand: the services of the recorded commit can write all that they wrote', async () => {
    const before = await schema();
    const migrate = join(root, 'apps/connection-management/dist/migrate.js');
    execFileSync(process.execPath, [migrate], { env: childEnvironment({ DATABASE_URL: url }) });
    expect(narrowings(before, await schema())).toEqual([]);

    const written = tables.split('\n').filter((line) => line.startsWith('INSERT INTO '));
    const filled = new Set(written.map((line) => line.split('`')[1]));
    expect(filled).toContain('connections');
    const emptied = [...filled].map((table) => `DELETE FROM ${table};`);
    await runSql(url, ['SET FOREIGN_KEY_CHECKS = 0;', ...emptied, ...written].join('\n'));
  });
});
