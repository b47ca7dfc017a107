import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AccessToken } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { anApiToken, anApiTokenRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { kafkaSettings, RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

// No test sends a token of this issuer, so nothing contacts it.
const policy = {
  issuers: [{ issuer: 'https://login.example.com', audience: 'pagebridge' }],
  rules: [{ claim: 'groups', value: 'operators', role: 'operator' }],
};
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/tokens`;
const folder = mkdtempSync(join(tmpdir(), 'pagebridge-'));
const policyFile = join(folder, 'policy.json');
const service = new RunningService({ ACCESS: 'on', ACCESS_POLICY_FILE: policyFile });
const publisher = new Publisher(kafkaSettings('cm-token-access-test'));
let admin: string;

beforeAll(async () => {
  writeFileSync(policyFile, JSON.stringify(policy));
  await Promise.all([service.start(), publisher.start()]);
  admin = await planted({ role: 'admin' });
});
afterAll(async () => {
  await Promise.all([service.stop(), publisher.close()]);
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const send = (token: string, method: string, to: string, body?: object) =>
  service.send(method, to, body, { authorization: `Bearer ${token}` });

/** Anyone who may write to the topic can make tokens, as the docs say. */
async function planted(its: Partial<AccessToken>): Promise<string> {
  const { token, data } = anApiToken({ sourceOrg: org, ...its });
  await publisher.publish([anApiTokenRecord(data)]);
  await waitFor('the token to be known', async () => (await send(token, 'GET', path)).status !== 401);
  return token;
}

it('the health of the service shows whether it reads the API tokens, which its readiness does not require', async () => {
  const response = await fetch(`${service.managementUrl}/health/ready`);
  expect(await response.json()).toMatchObject({ checks: { 'api-tokens': { ok: true, detail: 'lag 0' } } });
});

describe('the bearer of an API token', () => {
  it('is told by GET /v1/me who it is and what it may do', async () => {
    const token = await planted({ permissions: ['handles:read', 'connections:read'] });
    expect(await send(token, 'GET', '/v1/me')).toMatchObject({
      status: 200,
      body: {
        issuer: 'urn:pagebridge',
        subject: expect.stringMatching(/^token:[0-9a-f-]{36}$/),
        grants: [{ sourceOrg: org, permissions: ['connections:read', 'handles:read'] }],
      },
    });
  });

  it('can make another token, which is accepted, shows its use, and is refused soon after its revocation', async () => {
    const { status, body } = await send(admin, 'POST', path, { name: 'next', role: 'admin', expiresInDays: 1 });
    expect({ status, by: body.createdBy }).toEqual({
      status: 201,
      by: expect.stringMatching(/^urn:pagebridge#token:[0-9a-f-]{36}$/),
    });
    const [token, id] = [String(body.token), String(body.id)];
    await waitFor('the new token to be believed', async () => (await send(token, 'GET', path)).status === 200);
    const its = async () => (await send(admin, 'GET', `${path}/${id}`)).body;
    await waitFor('its use to be shown', async () => (await its()).lastUsedAt !== null);
    expect((await send(token, 'DELETE', `${path}/${id}`)).status).toBe(200);
    const code = async () => (await send(token, 'GET', path)).body.code;
    await waitFor('its refusal', async () => (await code()) === 'revoked', { withinMs: 20_000 });
  });

  it('cannot give a permission that it does not hold', async () => {
    const maker = await planted({ permissions: ['tokens:write', 'tokens:read', 'handles:read'] });
    const before = (await send(admin, 'GET', path)).body;
    for (const scope of [{ role: 'viewer' }, { permissions: ['handles:read', 'audit:read'] }]) {
      const answer = await send(maker, 'POST', path, { name: 'more', ...scope, expiresInDays: 1 });
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'permission-not-held', permission: expect.stringMatching(/^(connections|audit):read$/) },
      });
    }
    expect((await send(admin, 'GET', path)).body).toEqual(before);
    const held = { name: 'same', permissions: ['handles:read'], expiresInDays: 1 };
    expect((await send(maker, 'POST', path, held)).status).toBe(201);
  });

  it('cannot make tokens without the permission, or in another source org', async () => {
    const viewer = await planted({ role: 'viewer' });
    const input = { name: 'more', role: 'viewer', expiresInDays: 1 };
    expect(await send(viewer, 'POST', path, input)).toMatchObject({
      status: 403,
      body: { code: 'missing-permission' },
    });
    const foreign = `/v1/source-orgs/${uniqueName('initech')}/tokens`;
    expect((await send(admin, 'POST', foreign, input)).status).toBe(404);
  });
});
