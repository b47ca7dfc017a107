import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type AccessToken, AccessTokens } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { anApiToken, anApiTokenRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { Bus, idleRouter } from './page-routing.fixtures.ts';

// No test sends a token of this issuer, so its keys are never fetched.
const policy = {
  issuers: [{ issuer: 'https://login.example.com', audience: 'pagebridge' }],
  rules: [{ claim: 'groups', value: 'operators', role: 'operator' }],
};

const bus = new Bus();
let folder: string;
let router: NestExpressApplication;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pagebridge-'));
  const path = join(folder, 'policy.json');
  await Promise.all([bus.start(), writeFile(path, JSON.stringify(policy))]);
  router = await idleRouter({ ACCESS: 'on', ACCESS_TOKENS: 'on', ACCESS_POLICY_FILE: path });
  await router.listen(0, '127.0.0.1');
  url = await router.getUrl();
});
afterAll(async () => {
  await router.close();
  await bus.stop();
  await rm(folder, { recursive: true });
});

const getConflicts = async (org: string, token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/v1/source-orgs/${org}/conflicts`, { headers });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, ...(code === undefined ? {} : { code }) };
};

const aToken = (its: Partial<AccessToken> = {}) =>
  anApiToken({ sourceOrg: uniqueName('acme'), role: 'viewer', ...its });
const publishToken = (data: AccessToken) => bus.write(anApiTokenRecord(data));
const revokedNow = (record: AccessToken): AccessToken => ({
  ...record,
  revokedAt: new Date().toISOString(),
  version: record.version + 1,
});

describe('page-routing with API tokens', () => {
  it('accepts a token soon after its creation, only for its source org, and records its use', async () => {
    const { token, data: record } = aToken();
    expect(await getConflicts(record.sourceOrg, token)).toEqual({ status: 401, code: 'unknown-token' });
    await publishToken(record);
    await waitFor('the token to be known', async () => (await getConflicts(record.sourceOrg, token)).status === 200);
    expect(await getConflicts(uniqueName('initech'), token)).toEqual({ status: 404, code: 'not-found' });
    const [use, ...more] = await waitFor('its use', () => nonEmpty(bus.tokenUses(record.sourceOrg)));
    expect(use?.data).toMatchObject({ tokenId: record.tokenId, usedBy: 'page-routing' });
    expect(more).toEqual([]);
  });

  it('refuses a revoked token soon, and accepts it never again', async () => {
    const { token, data: record } = aToken();
    await publishToken(record);
    await waitFor('the token to be known', async () => (await getConflicts(record.sourceOrg, token)).status === 200);
    await publishToken(revokedNow(record));
    const isRevoked = async () => (await getConflicts(record.sourceOrg, token)).code === 'revoked';
    await waitFor('the revocation', isRevoked, { withinMs: 20_000 });
    // An outbox relay that was frozen may still write the old record.
    await publishToken(record);
    const { token: later, data: mark } = aToken();
    const partition = partitionFor(record.tokenId, AccessTokens.card.partitions);
    await bus.write({ ...anApiTokenRecord(mark), partition });
    await waitFor('the record behind it', async () => (await getConflicts(mark.sourceOrg, later)).status === 200);
    expect(await getConflicts(record.sourceOrg, token)).toEqual({ status: 401, code: 'revoked' });
  });

  it('refuses an expired token', async () => {
    const { token, data: record } = aToken({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    await publishToken(record);
    await waitFor('its record', async () => (await getConflicts(record.sourceOrg, token)).code === 'expired');
  });

  it('refuses a mistyped token as malformed', async () => {
    const { token, data: record } = aToken();
    await publishToken(record);
    expect(await getConflicts(record.sourceOrg, token.slice(0, -1))).toEqual({ status: 401, code: 'malformed' });
  });
});

const nonEmpty = <T>(list: readonly T[]) => list.length > 0 && list;
