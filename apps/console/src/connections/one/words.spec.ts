import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../queries.ts';
import { backupWords, disabling, fieldsOf, patchFrom, previousKeyWords, removal, removing, wordsOf } from './words.ts';

const nameOf = (id: string): string => `the connection ${id}`;

const connection: Connection = {
  id: 'c1',
  sourceOrg: 'acme-us',
  name: 'Globex EU',
  slug: 'globex-eu',
  dataCenter: 'EU1',
  destinationOrg: { id: 'o1', name: 'Globex' },
  directory: 'd',
  enabled: true,
  status: 'active',
  lastCompleteSyncAt: null,
  unreadTeams: 0,
  failover: { connectionId: 'c2', teamHandle: 'operations' },
  share: 'none',
  shareRevokedBefore: null,
  credentials: {
    apiKeyLast4: '0001',
    applicationKeyLast4: 'f3a9',
    revision: 2,
    former: null,
    checkedAt: '2026-11-30T05:00:00.000Z',
    checkStatus: 'passed',
  },
  version: 3,
  createdAt: '2026-11-30T05:00:00.000Z',
  updatedAt: '2026-11-30T05:00:00.000Z',
};

describe('backupWords', () => {
  it('says who is paged, over which connection, and after what', () => {
    expect(backupWords(null, nameOf)).toBe('none');
    expect(backupWords({ connectionId: 'c2', teamHandle: 'ops' }, nameOf)).toBe(
      'ops over the connection c2, after 120 s',
    );
    expect(backupWords({ connectionId: 'c2', teamHandle: 'ops', afterSeconds: 60, afterFailures: 3 }, nameOf)).toBe(
      'ops over the connection c2, after 60 s or 3 failed calls',
    );
  });
});

describe('patchFrom', () => {
  const fields = fieldsOf(connection);
  const none = { ...fields, failover: { ...fields.failover, connectionId: '' } };

  it('changes nothing that the person has left as it is', () => {
    expect(patchFrom(fields, connection)).toEqual({});
    expect(patchFrom({ ...fields, slug: ' globex ' }, connection)).toEqual({ slug: 'globex' });
  });

  it('leaves out numbers that are left empty', () => {
    const failover = { ...fields.failover, afterFailures: '3' };
    expect(patchFrom({ ...fields, failover }, connection)).toEqual({
      failover: { connectionId: 'c2', teamHandle: 'operations', afterFailures: 3 },
    });
  });

  it('removes the backup if no connection is chosen', () => {
    expect(patchFrom(none, connection)).toEqual({ failover: null });
    expect(patchFrom(none, { ...connection, failover: null })).toEqual({});
  });

  it('shows in words what it changes', () => {
    const patch = patchFrom({ ...none, name: 'Globex' }, connection);
    const before = wordsOf(connection, nameOf);
    expect(wordsOf({ ...connection, ...patch }, nameOf)).toEqual({ ...before, name: 'Globex', backup: 'none' });
  });
});

describe('previousKeyWords', () => {
  it('says when the key before may be revoked', () => {
    expect(previousKeyWords({ revision: 1, apiKeyLast4: '0001', applicationKeyLast4: 'f3a9' })).toContain(
      'do not revoke …f3a9 yet',
    );
    expect(previousKeyWords(null)).toContain('you can revoke it');
  });
});

describe('the effects of an action', () => {
  it('are counted, as far as the numbers are known', () => {
    expect(disabling(4)).toMatch(/^4 handles page nobody until/);
    expect(disabling(1)).toMatch(/^1 handle pages nobody until/);
    expect(disabling(undefined)).toMatch(/^Its handles page nobody until/);
    expect(removing(4, '2 open, 1 waiting')).toContain('(now 2 open, 1 waiting). 4 handles page nobody afterwards.');
    expect(removing(undefined, undefined)).toContain('still firing. Its handles page nobody afterwards.');
  });

  it('say how far a removal has come', () => {
    const requestedAt = '2026-11-30T05:00:00.000Z';
    expect(removal({ requestedAt, resolvedPages: 2, unresolvedPages: 0, partitionsLeft: 1 })).toBe(
      '2 pages resolved. 1 partition left to read.',
    );
    expect(removal({ requestedAt, resolvedPages: 0, unresolvedPages: 1, partitionsLeft: 12 })).toContain(
      '1 page could not be resolved.',
    );
  });
});
