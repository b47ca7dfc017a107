import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, createDataSource } from '@pagebridge/database';
import type { DataSource, QueryRunner } from 'typeorm';
import type { AuditFilter } from '../../../application/ports.ts';
import { ownDatabase } from '../../../service.fixtures.ts';
import { schema } from '../schema.ts';
import { auditPage } from './audit-page.ts';

const sourceOrg = 'acme-us';
const all: AuditFilter = {
  sourceOrg,
  action: undefined,
  actor: undefined,
  target: undefined,
  from: undefined,
  to: undefined,
};
const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;
const anHour = (n: number): Date => new Date(start + n * hour);

const database = ownDatabase();
let dataSource: DataSource;
let runner: QueryRunner;
beforeAll(async () => {
  await database.create();
  // Nearly all are what one robot did; one in a thousand is what somebody looks for; one in ten is of another org.
  const entries = Array.from({ length: 20_000 }, (_, n) => {
    const [actor, action, target] = n % 1000 === 0 ? ['ada', 'token.revoked', 't'] : ['bot', 'connection.changed', 'c'];
    return [n % 10 === 9 ? 'initech-us' : sourceOrg, actor, action, target, '', anHour(n)];
  });
  const sql = 'INSERT INTO audit_entries (source_org, actor, action, target, request_id, at) VALUES ?';
  await database.query(sql, [entries]);
  await database.query('ANALYZE TABLE audit_entries');
  dataSource = createDataSource({ ...schema, url: database.url, poolSize: 1 });
  await connect(dataSource, database.url, schema);
  runner = dataSource.createQueryRunner();
});
afterAll(async () => {
  await runner.release();
  await dataSource.destroy();
  await database.drop();
});

/** The rows that this connection has read of tables and indexes so far, with those of this question itself. */
async function rowsRead(): Promise<number> {
  const rows: { readonly Value: string }[] = await runner.query("SHOW SESSION STATUS LIKE 'Handler_read_%'");
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

it.each<[string, Partial<AuditFilter>, number]>([
  ['everything', {}, 50],
  ['a rare action', { action: 'token.revoked' }, 20],
  ['an action that is none of its', { action: 'token.created' }, 0],
  ['a rare actor', { actor: 'ada' }, 20],
  ['a rare target', { target: 't' }, 20],
  ['a busy target of long ago', { target: 'c', to: anHour(100) }, 50],
  ['a busy actor of long ago', { actor: 'bot', from: anHour(100), to: anHour(200) }, 50],
  ['a rare action of a busy time', { action: 'token.revoked', from: anHour(5000), to: anHour(15_000) }, 10],
  ['everything of long ago', { to: anHour(1000) }, 50],
  ['a busy action of a rare actor', { actor: 'ada', action: 'connection.changed' }, 0],
])('a page of %s reads little more of 20,000 entries than it shows', async (_what, its, count) => {
  const filter = { ...all, ...its };
  for (const after of [undefined, `${anHour(19_000).getTime()}-19001`]) {
    const before = await rowsRead();
    const { items } = await auditPage(runner.manager, filter, { limit: 50, after });
    expect((await rowsRead()) - before).toBeLessThan(500);
    expect(items.length).toBeLessThanOrEqual(count);
    if (after === undefined) expect(items).toHaveLength(count);
  }
});
