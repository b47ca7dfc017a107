import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Audit, type AuditRecord } from '@pagebridge/contracts';
import { TestIssuer, uniqueName, waitFor } from '@pagebridge/testing';
import { RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const [acme, other] = [uniqueName('acme'), uniqueName('other')];
const folder = mkdtempSync(join(tmpdir(), 'pagebridge-'));
const ACCESS_POLICY_FILE = join(folder, 'policy.json');
const service = new RunningService({ ACCESS: 'on', ACCESS_POLICY_FILE });
const reader = new TopicReader([Audit.card.topic]);
let issuer: TestIssuer;
let olga: Record<string, string>;

const operators = { claim: 'groups', value: 'operators', role: 'operator' };
const rule = (value: string, sourceOrg: string, role = 'viewer') => ({ claim: 'groups', value, role, sourceOrg });
const say = (...rules: object[]) => {
  const issuers = [{ issuer: issuer.url, audience: 'pagebridge' }];
  writeFileSync(ACCESS_POLICY_FILE, JSON.stringify({ issuers, rules: [operators, ...rules] }));
};
const line = (value: string, role = 'viewer') => `${role} by groups ${value} of ${issuer.url}`;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  olga = { authorization: `Bearer ${await issuer.tokenOf('olga', 'operators')}` };
  say(rule('readers', acme), rule('others', other));
  await service.start();
  await reader.start();
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  await issuer.close();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

type Entry = Extract<AuditRecord, { kind: 'entry' }>;
const entriesOf = async (org: string) =>
  (await service.send('GET', `/v1/source-orgs/${org}/audit`, undefined, olga)).body.items as Entry[];
const once = (org: string, count: number) =>
  waitFor(`${count} entries of ${org}`, async () => {
    const entries = await entriesOf(org);
    return entries.length === count ? entries : undefined;
  });
/** Everything that was recorded, in order. */
const recorded = async () => {
  const rows = await service.database.query<{ org: string }>('SELECT source_org AS org FROM audit_entries ORDER BY id');
  return rows.map(({ org }) => org);
};

describe('a change of the access policy', () => {
  it('is in the audit of the source org that it concerns, with the rules before and after, and on the topic', async () => {
    await once(acme, 1);
    await once(other, 1);
    say(rule('readers', acme), rule('writers', acme, 'editor'), rule('others', other));
    const [changed, first] = await once(acme, 2);
    const by = { action: 'access-policy.changed', actor: 'urn:pagebridge#access-policy', target: acme };
    expect(first).toMatchObject({ ...by, before: null, after: { rules: [line('readers')] } });
    const after = { rules: [line('writers', 'editor'), line('readers')] };
    expect(changed).toMatchObject({ ...by, before: { rules: [line('readers')] }, after });
    await reader.next(Audit, acme, (data) => data.kind === 'entry' && JSON.stringify(data.after).includes('writers'));
    expect(await entriesOf(other)).toHaveLength(1);
  });

  it('is recorded once, by whatever instance, and not again by a restart or a file in another order', async () => {
    const before = await recorded();
    const second = new RunningService({ ACCESS: 'on', ACCESS_POLICY_FILE });
    second.destination = service.destination;
    second.databaseUrl = service.database.url;
    await second.run();
    await service.close();
    say(rule('others', other), rule('writers', acme, 'editor'), rule('readers', acme));
    await service.run();
    say(rule('readers', acme), rule('others', other));
    await once(acme, 3);
    await second.close();
    expect(await recorded()).toEqual([...before, acme]);
  });

  it('that concerns all source orgs is recorded without one', async () => {
    const before = await recorded();
    say(rule('readers', acme), rule('others', other), { ...operators, value: 'more-operators' });
    await waitFor('the entry', async () => (await recorded()).length > before.length);
    expect(await recorded()).toEqual([...before, '-']);
    const added = line('more-operators', 'operator');
    await reader.next(Audit, '-', (data) => data.kind === 'entry' && JSON.stringify(data.after).includes(added));
  });

  it('that takes all rights in an org is recorded, with what they were in at most 1 KiB', async () => {
    const many = Array.from({ length: 40 }, (_, n) => rule(`group-${n}`, other));
    say(rule('readers', acme), ...many);
    const [grown] = await once(other, 2);
    expect(grown?.after).toMatchObject({ rules: { count: 40, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(JSON.stringify([grown?.before, grown?.after]).length).toBeLessThanOrEqual(1100);
    say(rule('readers', acme));
    const [gone] = await once(other, 3);
    expect(gone).toMatchObject({ before: { rules: { count: 40 } }, after: { rules: [] } });
  });
});
