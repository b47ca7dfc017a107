import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyFormOf } from './key-form.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

describe('the form of a key', () => {
  it('recognizes an API key by 32 hexadecimal digits', () => {
    fc.assert(fc.property(hex(32), (key) => keyFormOf(key) === 'an API key'));
  });

  it('recognizes an application key by 40 hexadecimal digits, or by its prefix', () => {
    fc.assert(fc.property(hex(40), (key) => keyFormOf(key) === 'an application key'));
    expect(keyFormOf('ddapp_Qx1234567890')).toBe('an application key');
  });

  it('recognizes an access token by its prefix', () => {
    expect([keyFormOf('ddpat_1234567890'), keyFormOf('ddsat_1234567890')]).toEqual([
      'an access token',
      'an access token',
    ]);
  });

  it.each(['', 'canary-api-key-000001', 'f'.repeat(31), 'f'.repeat(33), 'g'.repeat(40)])('is unknown for %s', (key) => {
    expect(keyFormOf(key)).toBeUndefined();
  });
});
