import { describe, expect, it } from '@jest/globals';
import { isOfConnection, nameOfTarget } from './words.ts';

describe('the target of an entry', () => {
  const target = '0199f3a0-0000-7000-8000-000000000001';

  it('is a connection if one was changed, used or synced', () => {
    expect(isOfConnection({ action: 'credentials.rotated', target })).toBe(true);
    expect(isOfConnection({ action: 'sync.requested', target })).toBe(true);
    expect(isOfConnection({ action: 'credentials.refused', target: 'acme-us' })).toBe(false);
    expect(isOfConnection({ action: 'token.created', target })).toBe(false);
    expect(isOfConnection({ action: 'connection.deleted', target })).toBe(false);
  });

  it('has the newest name that is known', () => {
    expect(nameOfTarget({ before: { name: 'Old' }, after: { name: 'New' }, target })).toBe('New');
    expect(nameOfTarget({ before: { name: 'Old' }, after: null, target })).toBe('Old');
    expect(nameOfTarget({ before: null, after: {}, target })).toBe(target);
  });
});
