import { describe, expect, it } from '@jest/globals';
import { aConnection, minute } from './connection.fixtures.ts';
import { changed, checkedAgain } from './connection.ts';

describe('a changed connection', () => {
  it('claims its slug since it has the slug, whatever else changes', () => {
    const renamed = changed(aConnection(), { name: 'Globex EU', enabled: false }, minute(1));
    expect(renamed.slugSince).toEqual(minute(0));
    const moved = changed(renamed, { slug: 'globex-eu' }, minute(2));
    expect(moved.slugSince).toEqual(minute(2));
    expect(changed(moved, { slug: 'globex-eu', enabled: true }, minute(3)).slugSince).toEqual(minute(2));
    expect(changed(moved, { slug: 'globex-europe' }, minute(4)).slugSince).toEqual(minute(4));
  });
});

describe('the directory of the keys', () => {
  const later = new Date('2026-02-01T00:00:00.000Z');
  const checked = (serviceAccountId: string) =>
    checkedAgain(aConnection(), { ...aConnection(), serviceAccountId, kind: 'passed', checks: [] }, later);

  it('is claimed since the keys belong to their service account', () => {
    expect(checked('account-1').directorySince).toEqual(aConnection().directorySince);
    expect(checked('account-2')).toMatchObject({ serviceAccountId: 'account-2', directorySince: later });
  });
});
