import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Audit, type Connection, type ConnectionReport, ConnectionReports, Connections } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { generateSealingKey, KeyRing, parseSealingKey, seal } from '@pagebridge/sealed-credentials';
import { uniqueName, unlimited } from '@pagebridge/testing';
import { Admins } from './admins.fixtures.ts';
import { good, kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';

const [former, present] = [await generateSealingKey(), await generateSealingKey()];
const presentRing = new KeyRing([present.privateKey]);
const env: Record<string, string> = { ...unlimited, CREDENTIALS_PUBLIC_KEY: JSON.stringify(former.publicKey) };
const service = new RunningService(env);
const reader = new TopicReader([Connections.card.topic, Audit.card.topic]);
const publisher = new Publisher(kafkaSettings('cm-test'));
const rotated = { apiKey: 'canary-api-key-000003', applicationKey: 'ddapp_canary-application-000004' };
const org = uniqueName('reseal');
const path = `/v1/source-orgs/${org}/connections`;

beforeAll(async () => {
  await service.start();
  service.destination.accept(rotated);
  await Promise.all([reader.start(), publisher.start()]);
});
afterEach(() => void jest.restoreAllMocks());
afterAll(async () => {
  await Promise.all([reader.stop(), publisher.close()]);
  await service.stop();
});

/** Makes connection-management seal for this key from now on, as after a restart with another public key. */
async function sealFor({ publicKey }: typeof present): Promise<void> {
  await service.close();
  env.CREDENTIALS_PUBLIC_KEY = JSON.stringify(publicKey);
  await service.run();
}

const create = async (): Promise<{ id: string; etag: string }> => {
  const input = { name: uniqueName('Globex'), dataCenter: 'TEST1', allowDuplicate: true, ...good };
  const { status, body, etag } = await service.send('POST', path, input);
  expect(status).toBe(201);
  return { id: String(body.id), etag };
};
const rotate = async ({ id, etag }: { id: string; etag: string }): Promise<string> =>
  (await service.send('PUT', `${path}/${id}/credentials`, rotated, { 'if-match': etag })).etag;
const put = (id: string, seals: object, etag: string, headers = {}) =>
  service.send('PUT', `${path}/${id}/credentials/sealed`, seals, { 'if-match': etag, ...headers });
const latest = (id: string, version = 1) => reader.next(Connections, id, (its) => its.version >= version);
const sealFact = async (fact: Connection, { publicKey }: typeof present, keys: typeof good = good) =>
  seal(parseSealingKey(JSON.stringify(publicKey)), fact, keys);

describe('a resealed credential', () => {
  it('is published as the same pair: its revision, its checks and the former pair stay', async () => {
    const { id, etag } = await create();
    const tag = await rotate({ id, etag });
    const before = await latest(id, 2);
    await sealFor(present);
    const seals = { sealed: await sealFact(before, present, rotated), former: await sealFact(before, present) };
    const answer = await put(id, seals, tag);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        version: 3,
        status: 'active',
        credentials: { revision: 2, apiKeyLast4: '0003', former: { revision: 1 } },
      },
    });
    const after = await latest(id, 3);
    const { sealed, former: its } = before.credential;
    expect(after).toEqual({
      ...before,
      version: 3,
      credential: { ...before.credential, sealed: seals.sealed, former: { ...its, sealed: seals.former } },
    });
    expect(await presentRing.open(after.credential.sealed, after)).toEqual(rotated);

    await reader.count(Audit.card.topic, org, 3);
    const { body, text } = await service.send('GET', `/v1/source-orgs/${org}/audit?limit=1`);
    const [was, is] = [former.publicKey.kid, present.publicKey.kid];
    expect(body.items).toMatchObject([
      {
        action: 'credentials.resealed',
        target: id,
        before: { kid: was, formerKid: was, credential: { revision: 2 } },
        after: { kid: is, formerKid: is, credential: { revision: 2 } },
      },
    ]);
    expect(text).not.toContain(sealed);
    await sealFor(former);
  });

  it('is stored without the former pair if that was dropped meanwhile', async () => {
    const made = await create();
    const { id } = made;
    const tag = await rotate(made);
    const before = await latest(id, 2);
    const at = new Date().toISOString();
    const counts = { teams: 1, added: 1, removed: 0, renamed: [], durationMs: 1 };
    const report = { connectionId: id, sourceOrg: org, reportedBy: 'handle-sync', credentialRevision: 2, at };
    const data = { ...report, kind: 'synced', ...counts } as ConnectionReport;
    await publisher.publish([ConnectionReports.encode(id, { id: uniqueName('r'), source: '/test', time: at }, data)]);
    await reader.next(Connections, id, ({ credential: { revision, former: its } }) => revision === 2 && !its);
    const seals = { sealed: await sealFact(before, former, rotated), former: await sealFact(before, former) };
    expect((await put(id, { former: seals.former }, tag)).body).toMatchObject({ version: 2 });
    expect((await put(id, seals, tag)).body).toMatchObject({ version: 3, credentials: { former: null } });
  });

  it('is refused if its form shows other keys, or another sealing key', async () => {
    const { id, etag } = await create();
    const fact = await latest(id);
    const unfit = async (sealed: string, detail: string) => {
      const { status, body } = await put(id, { sealed }, etag);
      expect({ status, code: body.code, errors: body.errors }).toMatchObject({
        status: 422,
        code: 'seal-unfit',
        errors: [{ field: 'sealed', message: expect.stringContaining(detail) }],
      });
    };
    await unfit(await sealFact(fact, present), `the current key is "${former.publicKey.kid}"`);
    await unfit(await sealFact(fact, former, { ...good, apiKey: 'canary' }), 'the lengths are different');
    await unfit('e30.a.b.c.d', 'has no "kid"');
    for (const body of [{}, { sealed: 'a.b' }, { sealed: null }, { former: 7 }]) {
      expect((await put(id, body, etag)).status).toBe(400);
    }
    expect((await service.send('GET', `${path}/${id}`)).body.version).toBe(1);
  });

  it('requires the version that was opened, and a permission that no admin of an org has', async () => {
    const { id, etag } = await create();
    const sealed = await sealFact(await latest(id), former);
    expect((await service.send('PUT', `${path}/${id}/credentials/sealed`, { sealed })).status).toBe(428);
    expect((await put(id, { sealed }, '"1"')).status).toBe(200);
    expect((await put(id, { sealed }, etag)).status).toBe(412);
    const admin = new Admins().of(org);
    expect(await put(id, { sealed }, '"2"', admin)).toMatchObject({
      status: 403,
      body: { permission: 'credentials:reseal' },
    });
  });
});
