import { describe, expect, it } from '@jest/globals';
import { cursorIn } from './cursor.ts';

describe('cursorIn', () => {
  it('returns the cursor of the next page', () => {
    expect(cursorIn('/v1/source-orgs/acme-us/conflicts?limit=50&cursor=a%2Fb%3A1')).toBe('a/b:1');
  });

  it('returns none on the last page', () => {
    expect(cursorIn(null)).toBeUndefined();
    expect(cursorIn('/v1/source-orgs/acme-us/handles?limit=50')).toBeUndefined();
  });
});
