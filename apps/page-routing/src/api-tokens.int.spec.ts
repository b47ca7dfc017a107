import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type AccessToken, AccessTokens } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { anApiToken, anApiTokenRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { Bus, idleRouter } from './page-routing.features.ts';

// Nobody sends a token of this issuer, so nobody looks for it.
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
}, 60_000);
afterAll(async () => {
  await router.close();
  await bus.stop();
  await rm(folder, { recursive: true });
}, 30_000);

const ask = async (org: string, token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/v1/source-orgs/${org}/conflicts`, { headers });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, ...(code === undefined ? {} : { code }) };
};

const aToken = (its: Partial<AccessToken> = {}) =>
  anApiToken({ sourceOrg: uniqueName('acme'), role: 'viewer', ...its });
const tell = (data: AccessToken) => bus.write(anApiTokenRecord(data));
const revokedNow = (record: AccessToken): AccessToken => ({
  ...record,
  revokedAt: new Date().toISOString(),
  version: record.version + 1,
});

describe('page-routing with API tokens', () => {
  it('believes one within moments, in its source org alone, and tells that it was used', async () => {
    const { token, data: record } = aToken();
    expect(await ask(record.sourceOrg, token)).toEqual({ status: 401, code: 'unknown-token' });
    await tell(record);
    await waitFor('the token to be known', async () => (await ask(record.sourceOrg, token)).status === 200);
    expect(await ask(uniqueName('initech'), token)).toEqual({ status: 404, code: 'not-found' });
    const [use, ...more] = await waitFor('its use', () => nonEmpty(bus.tokenUses(record.sourceOrg)));
    expect(use?.data).toMatchObject({ tokenId: record.tokenId, usedBy: 'page-routing' });
    expect(more).toEqual([]);
  });

  it('does not believe one within two seconds of its revocation, nor ever again', async () => {
    const { token, data: record } = aToken();
    await tell(record);
    await waitFor('the token to be known', async () => (await ask(record.sourceOrg, token)).status === 200);
    await tell(revokedNow(record));
    const isRevoked = async () => (await ask(record.sourceOrg, token)).code === 'revoked';
    await waitFor('the revocation', isRevoked, { withinMs: 2000 });
    // What a relay of the outbox that was frozen may still write.
    await tell(record);
    const { token: later, data: mark } = aToken();
    const partition = partitionFor(record.tokenId, AccessTokens.card.partitions);
    await bus.write({ ...anApiTokenRecord(mark), partition });
    await waitFor('what stands behind it', async () => (await ask(mark.sourceOrg, later)).status === 200);
    expect(await ask(record.sourceOrg, token)).toEqual({ status: 401, code: 'revoked' });
  });

  it('does not believe one that has expired', async () => {
    const { token, data: record } = aToken({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    await tell(record);
    await waitFor('its record', async () => (await ask(record.sourceOrg, token)).code === 'expired');
  });

  it('refuses what is mistyped, whatever it knows', async () => {
    const { token, data: record } = aToken();
    await tell(record);
    expect(await ask(record.sourceOrg, token.slice(0, -1))).toEqual({ status: 401, code: 'malformed' });
  });
});

const nonEmpty = <T>(list: readonly T[]) => list.length > 0 && list;
