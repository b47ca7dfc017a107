import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, isFingerprintOf } from './fingerprint.ts';

const keys = { apiKey: 'api-key-0001', applicationKey: 'application-key-0002' };

describe('a fingerprint', () => {
  it('matches its key pair, and no other pair with the same last characters', () => {
    const fingerprint = fingerprintOf(keys);
    expect(isFingerprintOf(fingerprint, keys)).toBe(true);
    expect(isFingerprintOf(fingerprint, { ...keys, apiKey: 'api-kex-0001' })).toBe(false);
    expect(isFingerprintOf(fingerprint, { ...keys, applicationKey: 'application-kex-0002' })).toBe(false);
    expect(isFingerprintOf('', keys)).toBe(false);
  });

  it('differs for each row, reveals nothing of the keys, and fits its column', () => {
    expect(fingerprintOf(keys)).not.toBe(fingerprintOf(keys));
    expect(fingerprintOf(keys)).toMatch(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/);
  });
});
