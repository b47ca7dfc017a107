import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { good, RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const { database } = service;
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;
let one: string;

beforeAll(async () => {
  await service.start();
  const { body } = await service.send('POST', path, { name: 'Globex', dataCenter: 'TEST1', ...good });
  one = `${path}/${body.id}`;
});
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

/** Makes each row of a table take a minute to read, as many rows would together. Writes take no longer. */
async function slowDown(table: string, wait: 'SLEEP(60)' | 'BENCHMARK(60000000, MD5(id))'): Promise<void> {
  await database.query(`RENAME TABLE ${table} TO stored_${table}`);
  await database.query(`CREATE VIEW ${table} AS SELECT * FROM stored_${table} WHERE ${wait} = 0`);
}

const restore = async (table: string): Promise<void> => {
  await database.query(`DROP VIEW ${table}`);
  await database.query(`RENAME TABLE stored_${table} TO ${table}`);
};

/** Returns how many statements the server executes that contain a text. */
async function running(text: string): Promise<number> {
  const sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = ? AND COMMAND = 'Query' AND INFO LIKE ?";
  return (await database.query(`${sql} AND ID <> CONNECTION_ID()`, [database.name, `%${text}%`])).length;
}

describe('reads that take long', () => {
  it('leave the connections of changes alone', async () => {
    await slowDown('audit_entries', 'SLEEP(60)');
    const audits = Array.from({ length: 20 }, () => service.send('GET', `/v1/source-orgs/${org}/audit`));
    const first = Promise.race(audits);
    await waitFor('all connections for reads to be in use', async () => (await running('audit_entries')) >= 10);
    const change = service.send('PATCH', one, { enabled: false }, { 'if-match': '*' });
    expect(await Promise.race([first, change])).toMatchObject({ status: 200, body: { enabled: false } });
    for (const { status, body } of await Promise.all(audits)) {
      expect({ status, body }).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    }
    await restore('audit_entries');
  });

  // MariaDB itself ends a SLEEP whose client has gone, so these statements compute.
  it.each([
    ['a caller', () => fetch(`${service.url}${path}`), 503],
    ['a scrape', () => fetch(`${service.managementUrl}/metrics`), 200],
  ])('end on the server once %s no longer waits for them', async (_who, ask, status) => {
    await slowDown('connections', 'BENCHMARK(60000000, MD5(id))');
    const answer = ask();
    await waitFor('the statement', async () => (await running('sealed_credential')) === 1);
    expect((await answer).status).toBe(status);
    await waitFor('it to end', async () => (await running('sealed_credential')) === 0, { withinMs: 20_000 });
    await restore('connections');
  });
});
