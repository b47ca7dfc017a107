import { beforeEach, describe, expect, it } from '@jest/globals';
import { decide } from '../decide.ts';
import { ApiTokens } from './api-tokens.ts';
import { hashOfToken, makeToken } from './token-form.ts';
import { type TokenRecord, TokenTable } from './token-table.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const token = makeToken();
const record: TokenRecord = {
  tokenId: 't-1',
  sourceOrg: 'acme-us',
  role: 'editor',
  hash: hashOfToken(token),
  expiresAt: '2026-01-31T13:00:00.000Z',
  version: 1,
};

let table: TokenTable;
let isFresh: (tokenId?: string) => boolean;
let time: Date;
let used: string[];
let tokens: ApiTokens;
beforeEach(() => {
  [table, isFresh, time, used] = [new TokenTable(), () => true, now, []];
  table.put(record, now);
  tokens = new ApiTokens({
    table,
    clock: { now: () => time },
    isFresh: (tokenId) => isFresh(tokenId),
    onUse: ({ tokenId }) => used.push(tokenId),
  });
});
const reasonFor = async (bearer: string | undefined) => {
  const answer = await tokens.authenticate(bearer);
  return 'refusal' in answer ? answer.refusal.reason : 'accepted';
};

describe('an API token that is sent', () => {
  it('has the permissions of its role in its source org only, and its use is reported', async () => {
    const answer = await tokens.authenticate(token);
    if (!('identity' in answer)) throw new Error(answer.refusal.reason);
    const { identity } = answer;
    expect(identity).toMatchObject({ issuer: 'urn:pagebridge', subject: 'token:t-1' });
    expect(decide(identity, { permissions: ['connections:write'], sourceOrg: 'acme-us' }).kind).toBe('allowed');
    expect(decide(identity, { permissions: ['connections:read'], sourceOrg: 'initech-us' }).kind).toBe('foreign-org');
    expect(decide(identity, { permissions: ['tokens:write'], sourceOrg: 'acme-us' }).kind).toBe('missing-permission');
    expect(used).toEqual(['t-1']);
  });

  it('is refused once it is revoked, and once it has expired', async () => {
    time = new Date(record.expiresAt);
    expect(await reasonFor(token)).toBe('expired');
    table.put({ ...record, revokedAt: now.toISOString(), version: 2 }, now);
    expect(await reasonFor(token)).toBe('revoked');
    expect(used).toEqual([]);
  });

  it('is refused if it is unknown, missing or malformed', async () => {
    expect(await reasonFor(makeToken())).toBe('unknown-token');
    expect(await reasonFor(undefined)).toBe('no-token');
    for (const text of ['', 'pbt_', token.slice(1), `${token}0`, 'a.b.c'])
      expect(await reasonFor(text)).toBe('malformed');
  });

  it('is refused while the table of tokens is stale', async () => {
    isFresh = () => false;
    expect(await reasonFor(token)).toBe('tokens-stale');
    expect(await reasonFor(makeToken())).toBe('tokens-stale');
  });

  it('is accepted while another part of the table is stale, in which an unknown token could be', async () => {
    isFresh = (tokenId) => tokenId === 't-1';
    expect(await reasonFor(token)).toBe('accepted');
    expect(await reasonFor(makeToken())).toBe('tokens-stale');
  });
});
