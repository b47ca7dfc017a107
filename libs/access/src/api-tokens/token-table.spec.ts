import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { roles } from '../permissions.ts';
import { type TokenRecord, TokenTable, toldExpiredMs } from './token-table.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const soon = '2026-02-28T12:00:00.000Z';
const aRecord = (fields: Partial<TokenRecord> = {}): TokenRecord => ({
  tokenId: 't-1',
  sourceOrg: 'acme-us',
  role: 'viewer',
  hash: 'a'.repeat(64),
  expiresAt: soon,
  version: 1,
  ...fields,
});
const tableOf = (records: readonly TokenRecord[]): TokenTable => {
  const table = new TokenTable();
  for (const record of records) table.put(record, now);
  return table;
};

/** Records of a few tokens, as several writers may have left them; each version of a token is one record. */
const records = fc
  .uniqueArray(fc.record({ token: fc.nat(2), version: fc.nat(20), isRevoked: fc.boolean() }), {
    maxLength: 20,
    selector: ({ token, version }) => `${token}.${version}`,
  })
  .map((drawn) =>
    drawn.map(({ token, version, isRevoked }) =>
      aRecord({
        tokenId: `t-${token}`,
        hash: String(token),
        version,
        ...(isRevoked ? { revokedAt: now.toISOString() } : {}),
      }),
    ),
  );
const inAnyOrder = records.chain((drawn) =>
  fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
);
const seen = (table: TokenTable) => ['0', '1', '2'].map((hash) => table.find(hash)?.record);

describe('the table of API tokens', () => {
  it('is the same for every order of the records of a token, and for repeated records', () => {
    fc.assert(
      fc.property(inAnyOrder, ([drawn, shuffled]) => {
        expect(seen(tableOf(shuffled))).toEqual(seen(tableOf(drawn)));
        expect(seen(tableOf([...drawn, ...shuffled]))).toEqual(seen(tableOf(drawn)));
      }),
    );
  });

  it('never accepts a revoked token again, even if it is deleted in between', () => {
    fc.assert(
      fc.property(inAnyOrder, fc.array(fc.nat(2)), ([drawn, later], deleted) => {
        const table = tableOf(drawn);
        for (const token of deleted) table.remove(`t-${token}`, now);
        for (const record of later) table.put(record, now);
        for (const { hash } of drawn.filter(({ revokedAt }) => revokedAt !== undefined)) {
          expect(table.find(hash)?.record.revokedAt).toBeDefined();
        }
      }),
    );
  });

  it('keeps the newest record of a token', () => {
    const table = tableOf([aRecord({ version: 2, role: 'editor' }), aRecord()]);
    expect(table.find(aRecord().hash)?.record.version).toBe(2);
  });

  it('forgets a token that is deleted, and keeps one that was revoked until it expires', () => {
    const table = tableOf([aRecord(), aRecord({ tokenId: 't-2', hash: 'b', revokedAt: now.toISOString() })]);
    for (const id of ['t-1', 't-2', 't-3']) table.remove(id, now);
    expect(table.find(aRecord().hash)).toBeUndefined();
    expect(table.find('b')).toBeDefined();
    table.remove('t-2', new Date(soon));
    expect(table.size).toBe(0);
  });

  it('counts the integrations whose last token ends soon, but none that has another or is without any', () => {
    const day = 24 * 3_600_000;
    const inDays = (days: number) => new Date(now.getTime() + days * day).toISOString();
    const of = (id: string, integration: string, days: number, its: Partial<TokenRecord> = {}) =>
      aRecord({ tokenId: id, hash: id, integration, expiresAt: inDays(days), ...its });
    const table = tableOf([
      of('1', 'ends', 10),
      of('2', 'ends', 90, { revokedAt: now.toISOString() }),
      of('3', 'rotated', 10),
      of('4', 'rotated', 90),
      of('5', 'over', -0.5),
      aRecord({ tokenId: '6', hash: '6', expiresAt: inDays(10) }),
    ]);
    expect(table.integrationsEnding(now, 30 * day)).toBe(1);
  });

  it('ignores a token that expired more than a day ago', () => {
    const expiredFor = (ms: number) => aRecord({ expiresAt: new Date(now.getTime() - ms).toISOString() });
    expect(tableOf([expiredFor(toldExpiredMs)]).size).toBe(1);
    expect(tableOf([expiredFor(toldExpiredMs + 1)]).size).toBe(0);
  });

  it('gives a token the permissions of its role, or the known ones among those that it names', () => {
    const permissionsOf = (fields: Partial<TokenRecord>) => {
      const { role: _, ...bare } = aRecord();
      return tableOf([{ ...bare, ...fields }]).find(bare.hash)?.identity.grants;
    };
    expect(permissionsOf({ role: 'editor' })).toEqual([{ sourceOrg: 'acme-us', permissions: new Set(roles.editor) }]);
    expect(permissionsOf({ permissions: ['handles:read', 'moon:fly'] })).toEqual([
      { sourceOrg: 'acme-us', permissions: new Set(['handles:read']) },
    ]);
    expect(permissionsOf({})).toEqual([{ sourceOrg: 'acme-us', permissions: new Set() }]);
  });

  it('knows the integration of a token that names one', () => {
    const identityOf = (fields: Partial<TokenRecord>) => tableOf([aRecord(fields)]).find(aRecord().hash)?.identity;
    expect(identityOf({ integration: 'nagios' })).toMatchObject({
      integration: { sourceOrg: 'acme-us', name: 'nagios', tokenId: expect.any(String) },
    });
    expect(identityOf({})).not.toHaveProperty('integration');
  });
});
