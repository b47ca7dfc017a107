import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { type Connection, createConnection } from 'mysql2/promise';
import { RunningService } from './service.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'rotated-password-'));
const file = join(folder, 'password');
const service = new RunningService({ ...unlimited, DATABASE_PASSWORD_FILE: file });
const { database } = service;
const user = uniqueName('rotated');
const path = `/v1/source-orgs/${uniqueName('acme')}`;
let administrator: Connection;

const put = (localHandles: readonly string[]) => service.send('PUT', path, { localHandles }, { 'if-match': '*' });
const health = async () => (await fetch(`${service.managementUrl}/health/ready`)).text();
const untilHealth = (text: string) => waitFor(`health with ${text}`, async () => (await health()).includes(text));

beforeAll(async () => {
  await database.create();
  administrator = await createConnection({ uri: database.url });
  await administrator.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'first'`);
  await administrator.query(`GRANT ALL PRIVILEGES ON ${database.name}.* TO '${user}'@'%'`);
  writeFileSync(file, 'first\n');
  service.databaseUrl = Object.assign(new URL(database.url), { username: user, password: '' }).href;
  await service.start();
});
afterAll(async () => {
  await administrator.query(`DROP USER '${user}'@'%'`);
  await administrator.end();
  await service.stop();
  rmSync(folder, { recursive: true });
});

describe('a database password that is rotated while the service runs', () => {
  it('ends no request in flight', async () => {
    expect((await put([])).status).toBe(200);
    await administrator.query('START TRANSACTION');
    await administrator.query('SELECT * FROM source_orgs FOR UPDATE');
    const inFlight = put(['web']);
    const waiting = "SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
    // The server renews this table only if nobody has read it for 100 ms.
    const often = { everyMs: 250 };
    await waitFor('the request to wait for the row', async () => (await database.query(waiting)).length > 0, often);
    await administrator.query(`ALTER USER '${user}'@'%' IDENTIFIED BY 'second'`);
    expect((await inFlight).status).toBe(200);
  });

  it('leaves the service alive, and ready again without a restart once the file has the new password', async () => {
    const connections = await database.query<{ id: number }>(
      'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = ?',
      [user],
    );
    expect(connections.length).toBeGreaterThan(0);
    for (const { id } of connections) await administrator.query(`KILL ${id}`);
    await untilHealth('ER_ACCESS_DENIED_ERROR');
    expect(await put([])).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    writeFileSync(file, 'second\n');
    await untilHealth('"status":"ok"');
    expect((await put([])).status).toBe(200);
  });
});
