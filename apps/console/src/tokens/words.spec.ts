import { describe, expect, it } from '@jest/globals';
import { askToRevoke } from './words.ts';

const now = Date.parse('2026-11-29T03:12:00Z');

describe('the question before a token is revoked', () => {
  it('says what stops working, and when it was last used', () => {
    const token = {
      name: 'terraform',
      role: null,
      permissions: ['handles:read' as const],
      lastUsedAt: '2026-11-29T03:10:00Z',
    };
    expect(askToRevoke(token, now)).toBe(
      'Revoke "terraform" (handles:read)? Services reject it within seconds. This cannot be undone. It was last used 2 min ago.',
    );
  });

  it('says that tokens of the token stay valid', () => {
    const token = { name: 'ci', role: 'admin' as const, permissions: ['tokens:write' as const], lastUsedAt: null };
    expect(askToRevoke(token, now)).toMatch(
      /^Revoke "ci" \(admin\)\? .* It was never used\. Tokens that it created stay valid\.$/,
    );
  });
});
