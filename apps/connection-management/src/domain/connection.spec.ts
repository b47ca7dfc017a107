import { describe, expect, it } from '@jest/globals';
import { aConnection, minute } from './connection.features.ts';
import { changed } from './connection.ts';

describe('a changed connection', () => {
  it('claims its slug from when it took it, whatever else changes', () => {
    const renamed = changed(aConnection(), { name: 'Globex EU', enabled: false }, minute(1));
    expect(renamed.slugSince).toEqual(minute(0));
    const moved = changed(renamed, { slug: 'globex-eu' }, minute(2));
    expect(moved.slugSince).toEqual(minute(2));
    expect(changed(moved, { slug: 'globex-eu', enabled: true }, minute(3)).slugSince).toEqual(minute(2));
    expect(changed(moved, { slug: 'globex-europe' }, minute(4)).slugSince).toEqual(minute(4));
  });
});
