import { describe, expect, it } from '@jest/globals';
import { endOf } from './open-streams.ts';

const now = Date.UTC(2026, 0, 1);
const hour = 60 * 60 * 1000;
const jwt = (payload: object) => `Bearer e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;

describe('a stream of events', () => {
  it.each([
    ['until its token expires', jwt({ exp: now / 1000 + 600 }), 600_000],
    ['until its token expires within a millisecond', jwt({ exp: now / 1000 + 600.1234567 }), 600_123],
    ['no longer if its token has expired meanwhile', jwt({ exp: now / 1000 - 5 }), 0],
    ['for an hour at most', jwt({ exp: now / 1000 + 90_000 }), hour],
    ['for a minute with an API token, which may be revoked', 'Bearer pbt_abc', 60_000],
    ['for a minute with a token of the right form that tells nothing', 'Bearer a.b.c', 60_000],
    ['for an hour without a token', undefined, hour],
  ])('lasts %s', (_what, authorization, ms) => {
    expect(endOf(authorization, now)).toBe(ms);
  });
});
