import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { endOf, OpenStreams } from './open-streams.ts';

const now = Date.UTC(2026, 0, 1);
const hour = 60 * 60 * 1000;
const jwt = (payload: object) => `Bearer e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;

describe('a stream of events', () => {
  it.each([
    ['until its token expires', jwt({ exp: now / 1000 + 600 }), 600_000],
    ['no longer if its token has expired meanwhile', jwt({ exp: now / 1000 - 5 }), 0],
    ['for an hour at most', jwt({ exp: now / 1000 + 90_000 }), hour],
    ['for an hour with a token that does not tell', 'Bearer pbt_abc', hour],
    ['for an hour without a token', undefined, hour],
  ])('lasts %s', (_what, authorization, ms) => {
    expect(endOf(authorization, now)).toBe(ms);
  });

  it('is refused to an org that has many, and not to another', () => {
    const streams = new OpenStreams(new Registry());
    const leave = Array.from({ length: 50 }, () => streams.enter('acme'));
    expect(() => streams.enter('acme')).toThrow('Too many streams');
    streams.enter('initech');
    leave[0]?.();
    expect(() => streams.enter('acme')).not.toThrow();
  });
});
