import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyFormOf } from './key-form.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

describe('the form of a key', () => {
  it('tells an API key of 32 hexadecimal digits', () => {
    fc.assert(fc.property(hex(32), (key) => keyFormOf(key) === 'an API key'));
  });

  it('tells an application key of 40 hexadecimal digits, or with its prefix', () => {
    fc.assert(fc.property(hex(40), (key) => keyFormOf(key) === 'an application key'));
    expect(keyFormOf('ddapp_Qx1234567890')).toBe('an application key');
  });

  it('tells an access token by its prefix', () => {
    expect([keyFormOf('ddpat_1234567890'), keyFormOf('ddsat_1234567890')]).toEqual([
      'an access token',
      'an access token',
    ]);
  });

  it.each(['', 'canary-api-key-000001', 'f'.repeat(31), 'f'.repeat(33), 'g'.repeat(40)])(
    'says nothing of %s',
    (key) => {
      expect(keyFormOf(key)).toBeUndefined();
    },
  );
});
