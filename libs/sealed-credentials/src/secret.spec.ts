import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from './secret.ts';

describe('Secret', () => {
  const secret = new Secret('canary-0123456789abcd');

  it('becomes [redacted] in every conversion to text', () => {
    const printed = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ deep: { secret } }, { showHidden: true }),
      format('%s %o %j', secret, secret, secret),
    ];
    for (const text of printed) {
      expect(text).toContain('[redacted]');
      expect(text).not.toContain('canary');
    }
  });

  it('reveals itself only when asked', () => {
    expect(secret.reveal()).toBe('canary-0123456789abcd');
  });

  it('shows its last four characters, and none of a short secret', () => {
    expect(secret.last4).toBe('abcd');
    expect(new Secret('short').last4).toBe('');
  });
});
