import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Audit } from '@pagebridge/contracts';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { createConnection } from 'mysql2/promise';
import { good, RunningService, TopicReader } from './service.fixtures.ts';

const log: string[] = [];
jest.spyOn(process.stdout, 'write').mockImplementation((line) => log.push(String(line)) > 0);

const service = new RunningService();
const reader = new TopicReader([Audit.card.topic]);
const { database } = service;
const [migrating, serving] = [uniqueName('m'), uniqueName('s')];
// As somebody else may have chosen it, with characters that a URL cannot contain as they are.
const migrationPassword = 'p@ss:w/o%rd#?';
const document = readFileSync(join(import.meta.dirname, '../../../docs/how-to/database-users.md'), 'utf8');

/** The statements of the document, one list for each block, for users and a database of this test. */
const [users = [], byHand = []] = [...document.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block = '']) =>
  block
    .replaceAll("'pagebridge_migrate'", `'${migrating}'`)
    .replaceAll("'pagebridge'", `'${serving}'`)
    .replaceAll('secret-of-the-migration', migrationPassword)
    .replaceAll(/\bpagebridge\b(?=\.| CHARACTER)/g, database.name)
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== ''),
);

const urlOf = (user: string, password: string): string =>
  Object.assign(new URL(database.url), { username: user, password }).href;
const serviceUrl = urlOf(serving, 'secret-of-the-service');

async function asAdministrator(statements: readonly string[]): Promise<void> {
  const server = Object.assign(new URL(database.url), { pathname: '/' }).href;
  const connection = await createConnection({ uri: server });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

async function asService(statement: string): Promise<unknown> {
  const connection = await createConnection({ uri: serviceUrl });
  try {
    return (await connection.query(statement))[0];
  } finally {
    await connection.end();
  }
}

async function runMigration(serviceUser = serving): Promise<string> {
  const program = join(import.meta.dirname, '../dist/migrate.js');
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: serviceUrl,
    DATABASE_MIGRATION_URL: urlOf(migrating, ''),
    DATABASE_PASSWORD: migrationPassword,
    DATABASE_SERVICE_USER: serviceUser,
  };
  return (await promisify(execFile)(process.execPath, [program], { env })).stdout;
}

/** The tables that the service's user may use, and how, in the words of the server. */
async function rightsOfService(): Promise<readonly string[]> {
  const grants = await database.query<Record<string, string>>(`SHOW GRANTS FOR '${serving}'@'%'`);
  return grants
    .flatMap((row) => Object.values(row))
    .filter((grant) => grant.includes(database.name))
    .toSorted();
}

const waits = () => log.find((line) => line.includes('startup step failed; retrying'));
let migrated = '';
beforeAll(async () => {
  await asAdministrator(users);
  await runMigration('');
  service.databaseUrl = serviceUrl;
  // As pods that start beside the Job of the migration.
  const grantLate = async () => {
    await waitFor('the service to wait', () => waits() !== undefined);
    migrated = await runMigration();
  };
  await Promise.all([service.start(), grantLate()]);
  await reader.start();
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  await asAdministrator([migrating, serving].map((user) => `DROP USER '${user}'@'%'`));
  jest.restoreAllMocks();
});

describe('with a database user for the service, created as documented', () => {
  it('a service waits for its rights, and the migration grants them', () => {
    expect(waits()).toContain('the user has no permission on this database');
    expect(migrated).toContain(`${serving} has its permissions`);
  });

  it('the migration uses its own user, and the service can do all of its work', async () => {
    expect(migrated).toContain('is up to date');
    const org = uniqueName('acme');
    const path = `/v1/source-orgs/${org}/connections`;
    const { status, body } = await service.send('POST', path, { name: 'Globex', dataCenter: 'TEST1', ...good });
    expect(status).toBe(201);
    const change = await service.send('PATCH', `${path}/${body.id}`, { name: 'Globex EU' }, { 'if-match': '*' });
    const settled = await service.send('PUT', `/v1/source-orgs/${org}`, { localHandles: ['web'] }, { 'if-match': '*' });
    const anew = await service.send('PUT', `/v1/source-orgs/${org}`, { localHandles: [] }, { 'if-match': '*' });
    const gone = await service.send('DELETE', `${path}/${body.id}?force=true`, undefined, { 'if-match': '*' });
    expect([change, settled, anew, gone].map((answer) => answer.status)).toEqual([200, 200, 200, 204]);
    const audit = await service.send('GET', `/v1/source-orgs/${org}/audit`);
    expect(audit.body.items).toHaveLength(5);
    await reader.count(Audit.card.topic, org, 5);
  });

  it('a grant that is missing is no outage: the answer has the code of the database, and the log names the table', async () => {
    const grant = `INSERT ON ${database.name}.source_orgs`;
    await asAdministrator([`REVOKE ${grant} FROM '${serving}'@'%'`]);
    const path = `/v1/source-orgs/${uniqueName('acme')}`;
    const { status, body, headers } = await service.send('PUT', path, { localHandles: [] }, { 'if-match': '*' });
    await asAdministrator([`GRANT ${grant} TO '${serving}'@'%'`]);
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { code: 'database-unavailable', detail: expect.stringContaining('(ER_TABLEACCESS_DENIED_ERROR)') },
    });
    expect(body.detail).not.toContain('does not answer');
    expect(body.detail).toContain('An operator must fix the database');
    expect(headers.get('retry-after')).toBe('60');
    expect(JSON.stringify(body)).not.toContain(serving);
    // A job of the service may be denied the table too, and write a line of its own.
    const [line = ''] = log.filter(
      (it) => it.includes('request failed') && it.includes('(ER_TABLEACCESS_DENIED_ERROR)'),
    );
    expect(line).toContain('"level":"warn"');
    expect(line).toContain('source_orgs');
    expect(line).not.toContain(path);
  });

  it('a grant on the outbox that is missing is named in the health, and the service is ready again once it is given', async () => {
    const grant = `SELECT ON ${database.name}.outbox`;
    const report = async () => (await fetch(`${service.managementUrl}/health/ready`)).text();
    await asAdministrator([`REVOKE ${grant} FROM '${serving}'@'%'`]);
    const failing = await waitFor('readiness to go', async () => {
      const text = await report();
      return text.includes('"status":"failing"') ? text : undefined;
    });
    await asAdministrator([`GRANT ${grant} TO '${serving}'@'%'`]);
    // A read is refused the table, a deletion the columns of its condition.
    const detail = expect.stringMatching(/^the database rejects the request \(ER_(TABLE|COLUMN)ACCESS_DENIED_ERROR\)$/);
    expect(JSON.parse(failing).checks.database).toEqual({ ok: false, detail });
    expect(log.find((line) => line.includes('outbox publishing delayed'))).toMatch(/denied.*outbox/);
    await waitFor('readiness', async () => (await report()).includes('"status":"ok"'));
  });

  it('every table has a grant: the one in the documentation, which the migration gives again once it is missing', async () => {
    const tables = await database.query<{ name: string }>(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
    );
    const granted = await rightsOfService();
    expect(granted).toHaveLength(tables.length);
    await asAdministrator(tables.map(({ name }) => `REVOKE ALL ON ${database.name}.${name} FROM '${serving}'@'%'`));
    expect(await rightsOfService()).toEqual([]);
    await asAdministrator(byHand);
    expect(await rightsOfService()).toEqual(granted);
    await asAdministrator([`REVOKE ALL ON ${database.name}.limits FROM '${serving}'@'%'`]);
    await runMigration();
    expect(await rightsOfService()).toEqual(granted);
  });

  it('the migration fails with the cure if that user does not exist, and creates none', async () => {
    await expect(runMigration('nobody-yet')).rejects.toThrow(/DATABASE_SERVICE_USER nobody-yet@%: the user must exist/);
    expect(await database.query(`SELECT User FROM mysql.user WHERE User = 'nobody-yet'`)).toEqual([]);
  });

  it.each([
    'UPDATE audit_entries SET actor = 1',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    'DROP TABLE audit_entries',
  ])('that user is denied: %s', async (statement) => {
    await expect(asService(statement)).rejects.toMatchObject({ code: 'ER_TABLEACCESS_DENIED_ERROR' });
  });
});
