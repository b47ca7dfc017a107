import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../audit/queries.ts';
import { lastChangeIn, versionsOf } from './changed-fields.ts';

describe('versionsOf', () => {
  it('returns what was changed by others, and what one wants to change', () => {
    const before = { name: 'Globex', slug: 'globex', backup: 'none' };
    const theirs = { ...before, name: 'Globex EU' };
    const mine = { ...theirs, slug: 'globex-eu' };
    expect(versionsOf(before, theirs, mine)).toEqual([
      { field: 'name', before: 'Globex', theirs: 'Globex EU', mine: 'Globex EU' },
      { field: 'slug', before: 'globex', theirs: 'globex', mine: 'globex-eu' },
    ]);
  });

  it('returns fields that only one version has', () => {
    expect(versionsOf({}, { name: 'a' }, {})).toEqual([{ field: 'name', before: '', theirs: 'a', mine: '' }]);
  });
});

describe('lastChangeIn', () => {
  const entry = (id: string, before: AuditEntry['before'], after: AuditEntry['after']): AuditEntry => ({
    id,
    actor: 'https://issuer.example#olga',
    onBehalfOf: null,
    action: 'connection.changed',
    target: 'acme-us',
    before,
    after,
    requestId: 'r',
    at: '2026-11-30T05:00:00.000Z',
  });

  it('passes over what made no new version', () => {
    const entries = [
      entry('4', null, null),
      entry('3', { version: 2 }, { version: 2 }),
      entry('2', { version: 1 }, { version: 2 }),
      entry('1', null, { version: 1 }),
    ];
    expect(lastChangeIn(entries)?.id).toBe('2');
    expect(lastChangeIn(entries.slice(0, 2))).toBeUndefined();
  });
});
