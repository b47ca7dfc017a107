import { describe, expect, it } from '@jest/globals';
import { minute } from '../connection.fixtures.ts';
import { anAccessToken } from './access-token.fixtures.ts';
import { auditViewOfToken, makerOf, revoked, statusOfToken } from './access-token.ts';

describe('an API token', () => {
  it('is revoked once, with a new version', () => {
    const once = revoked(anAccessToken(), minute(5));
    expect(once).toMatchObject({ revokedAt: minute(5), version: 2 });
    expect(revoked(once, minute(6))).toBe(once);
  });

  it('is active until it expires; a revoked one stays revoked after its expiry', () => {
    expect(statusOfToken(anAccessToken(), minute(59))).toBe('active');
    expect(statusOfToken(anAccessToken(), minute(60))).toBe('expired');
    expect(statusOfToken(anAccessToken({ revokedAt: minute(5) }), minute(61))).toBe('revoked');
  });

  it('appears in the audit without its hash', () => {
    const { hash } = anAccessToken();
    expect(JSON.stringify(auditViewOfToken(anAccessToken()))).not.toContain(hash);
  });

  it('names its maker in one line that its record accepts, whatever the subject contains', () => {
    expect(makerOf('https://login.example.com#ada')).toBe('https://login.example.com#ada');
    expect(makerOf(`a\nb\u0000${'😀'.repeat(300)}`)).toMatch(/^a b [^\p{Cc}]{1,509}$/su);
    expect(makerOf(`${'a'.repeat(511)}😀`).isWellFormed()).toBe(true);
  });
});
