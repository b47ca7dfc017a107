import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Connections } from '@pagebridge/contracts';
import { TestIssuer, uniqueName } from '@pagebridge/testing';
import { good, RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const org = uniqueName('acme');
const folder = mkdtempSync(join(tmpdir(), 'pagebridge-'));
const ACCESS_POLICY_FILE = join(folder, 'policy.json');
const service = new RunningService({ ACCESS: 'on', ACCESS_POLICY_FILE, CHANGES_PER_HOUR: '6' });
const reader = new TopicReader([Connections.card.topic]);
let issuer: TestIssuer;
let tokens: Readonly<Record<'editor' | 'admin', string>>;
let path: string;

const send = (as: 'editor' | 'admin', method: string, below = '', body?: object) =>
  service.send(method, `${path}${below}`, body, { authorization: `Bearer ${tokens[as]}`, 'if-match': '*' });

beforeAll(async () => {
  issuer = await TestIssuer.start();
  const rule = (role: string) => ({ claim: 'groups', value: role, role, sourceOrg: org });
  const issuers = [{ issuer: issuer.url, audience: 'pagebridge' }];
  writeFileSync(ACCESS_POLICY_FILE, JSON.stringify({ issuers, rules: [rule('editor'), rule('admin')] }));
  tokens = { editor: await issuer.tokenOf('ed', 'editor'), admin: await issuer.tokenOf('ada', 'admin') };
  await service.start();
  await reader.start();
  path = `/v1/source-orgs/${org}/connections`;
  const { body } = await send('admin', 'POST', '', { name: 'Globex', dataCenter: 'TEST1', ...good });
  path += `/${body.id}`;
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  await issuer.close();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const idOf = () => path.split('/').at(-1) ?? '';

describe('what a connection shares', () => {
  it('is nothing at first, is set by who may change keys alone, and is in its record', async () => {
    expect((await send('editor', 'GET')).body).toMatchObject({ share: 'none', shareRevokedBefore: null });
    const refused = await send('editor', 'PATCH', '', { share: 'title' });
    expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringContaining('credentials:write') } });
    expect((await send('admin', 'PATCH', '', { share: 'everything' })).body.errors).toMatchObject([{ field: 'share' }]);
    expect(await send('admin', 'PATCH', '', { share: 'title' })).toMatchObject({
      status: 200,
      body: { share: 'title' },
    });
    expect(await reader.next(Connections, idOf(), ({ share }) => share === 'title')).toMatchObject({ version: 2 });
    const { body } = await service.send('GET', `/v1/source-orgs/${org}/audit`, undefined, {
      authorization: `Bearer ${tokens.admin}`,
    });
    const [entry] = body.items as object[];
    expect(entry).toMatchObject({ action: 'connection.changed', before: { share: 'none' }, after: { share: 'title' } });
  });

  it('can be revoked for all links so far by who may change keys alone, and stays as it is', async () => {
    expect((await send('editor', 'POST', '/revoke-snapshots')).status).toBe(403);
    const before = Date.now();
    const { status, body } = await send('admin', 'POST', '/revoke-snapshots');
    expect({ status, share: body.share }).toEqual({ status: 200, share: 'title' });
    expect(Date.parse(String(body.shareRevokedBefore))).toBeGreaterThanOrEqual(before);
    const record = await reader.next(Connections, idOf(), (data) => data.shareRevokedBefore !== undefined);
    expect(record).toMatchObject({ share: 'title', shareRevokedBefore: body.shareRevokedBefore });
  });

  it('can be made less by an admin, however many changes an editor has made', async () => {
    for (let change = 0; change < 7; change += 1) await send('editor', 'PATCH', '', { name: `Globex ${change}` });
    expect((await send('editor', 'PATCH', '', { name: 'Globex' })).status).toBe(429);
    expect((await send('admin', 'PATCH', '', { share: 'none' })).status).toBe(200);
  });
});
