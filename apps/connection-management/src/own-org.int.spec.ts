import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import { Admins } from './admins.fixtures.ts';
import { good, RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const admins = new Admins();

beforeAll(() => service.start());
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

const connectionsOf = (org: string) => `/v1/source-orgs/${org}/connections`;
const add = (org: string, its: object = {}) =>
  service.send('POST', connectionsOf(org), { name: 'Globex', dataCenter: 'TEST1', ...good, ...its }, admins.of(org));

describe('a connection of another org', () => {
  it('is not read, changed, deleted, checked, synced or rotated by a caller without rights in its org', async () => {
    const [own, other] = [uniqueName('own'), uniqueName('other')];
    const { status, body } = await add(other);
    expect({ status, body }).toMatchObject({ status: 201 });
    const read = () => service.send('GET', `${connectionsOf(other)}/${body.id}`, undefined, admins.of(other));
    const before = (await read()).body;
    const calls = service.destination.org.requests.counts();
    const admin = admins.of(own);
    const all = async (org: string) => {
      const one = `${connectionsOf(org)}/${body.id}`;
      const headers = { ...admin, 'if-match': '*' };
      return [
        await service.send('GET', one, undefined, headers),
        await service.send('PATCH', one, { name: 'Taken' }, headers),
        await service.send('DELETE', one, undefined, headers),
        await service.send('DELETE', `${one}?force=true`, undefined, headers),
        await service.send('PUT', `${one}/credentials`, good, headers),
        await service.send('POST', `${one}/check`, undefined, headers),
        await service.send('POST', `${one}/check`, good, headers),
        await service.send('POST', `${one}/sync`, undefined, headers),
      ];
    };
    for (const org of [own, other]) {
      for (const answer of await all(org)) {
        expect(answer.status).toBe(404);
        expect(answer.text).not.toContain('Globex');
      }
    }
    expect((await read()).body).toEqual(before);
    expect(service.destination.org.requests.counts()).toEqual(calls);
    const { body: audit } = await service.send('GET', `/v1/source-orgs/${other}/audit`, undefined, admins.of(other));
    expect(audit.items).toMatchObject([{ action: 'connection.created' }]);
  });

  it('is refused as a backup with the same answer as an unknown one', async () => {
    const [own, other] = [uniqueName('own'), uniqueName('other')];
    const first = (await add(own)).body;
    const foreign = String((await add(other)).body.id);
    const nobody = '0199f3a0-0000-7000-8000-000000000001';
    const [ofOther, ofNobody] = await Promise.all(
      [foreign, nobody].map(async (connectionId) => {
        const failover = { connectionId, teamHandle: 'core-infra' };
        const headers = { ...admins.of(own), 'if-match': '*' };
        const answer = await service.send('PATCH', `${connectionsOf(own)}/${first.id}`, { failover }, headers);
        return { status: answer.status, ...answer.body, requestId: '' };
      }),
    );
    expect(ofOther).toMatchObject({ status: 400, code: 'unknown-backup' });
    expect(ofOther).toEqual(ofNobody);
  });

  it('does not take a name, slug or destination', async () => {
    const answers = [await add(uniqueName('own')), await add(uniqueName('other'))];
    expect(answers.map(({ status, body }) => [status, body.slug])).toEqual([
      [201, 'globex'],
      [201, 'globex'],
    ]);
  });
});

describe('the list of source orgs', () => {
  it('shows a caller only its own orgs, page by page, and all orgs to a caller who may read all', async () => {
    const orgs = ['a', 'b', 'c', 'd'].map((letter) => uniqueName(`owned-${letter}`));
    for (const org of orgs) expect((await add(org)).status).toBe(201);
    const pages = async (caller: Record<string, string>) => {
      const seen: string[][] = [];
      for (let next: string | null = '/v1/source-orgs?limit=2'; next; ) {
        const { body } = await service.send('GET', next, undefined, caller);
        seen.push((body.items as { sourceOrg: string }[]).map(({ sourceOrg }) => sourceOrg));
        next = body.next as string | null;
      }
      return seen;
    };
    const [a, b, c, d] = orgs as [string, string, string, string];
    expect(await pages(admins.of(a, b, d))).toEqual([[a, b], [d]]);
    expect(await pages(admins.of(uniqueName('nothing')))).toEqual([[]]);
    expect((await pages(admins.of('*'))).flat()).toEqual(expect.arrayContaining([a, b, c, d]));
  });
});
