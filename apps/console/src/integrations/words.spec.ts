import { describe, expect, it } from '@jest/globals';
import { endOf, lastUseOf, latestOf } from './words.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');
const token = (expiresAt: string, status: 'active' | 'revoked' = 'active') => ({ status, expiresAt });

describe('the end of the tokens of an integration', () => {
  it('is that of the one that ends last', () => {
    const tokens = [
      token('2027-02-27T00:00:00.000Z'),
      token('2027-02-28T00:00:00.000Z'),
      token('2026-12-01T00:00:00.000Z'),
    ];
    expect(endOf(tokens, now)).toEqual({ at: '2027-02-28T00:00:00.000Z' });
  });

  it('is a warning in its last 30 days, and if no token lives', () => {
    const soon = '2026-12-30T12:00:00.000Z';
    expect(endOf([token(soon)], now)).toEqual({ at: soon, warning: 'Expires soon' });
    expect(endOf([token(soon)], now - 1)).toEqual({ at: soon });
    const ended = [token('2027-02-28T00:00:00.000Z', 'revoked'), token('2026-11-30T12:00:00.000Z')];
    expect(endOf(ended, now)).toEqual({ warning: 'No active token' });
    expect(endOf([], now)).toEqual({ warning: 'No active token' });
  });
});

describe('the last use of an integration', () => {
  it('is that of any of its tokens', () => {
    const [former, later] = ['2026-11-29T09:00:00.000Z', '2026-11-30T03:00:00.000Z'];
    expect(lastUseOf([{ lastUsedAt: later }, { lastUsedAt: null }, { lastUsedAt: former }])).toBe(later);
    expect(lastUseOf([{ lastUsedAt: null }])).toBeUndefined();
  });
});

describe('the last refusal of an integration', () => {
  it('is the latest of what was sent with any of its tokens', () => {
    const refused = (hour: number) => ({ at: `2026-11-30T0${hour}:00:00.000Z`, detail: `at ${hour}` });
    expect(latestOf([refused(1), null, refused(3), refused(2)])).toEqual(refused(3));
    expect(latestOf([null])).toBeUndefined();
  });
});
