import { describe, expect, it } from '@jest/globals';
import { rateLimitOf, retryAfterMsOf } from './rate-limit.ts';

const now = Date.UTC(2026, 0, 1);

describe('rateLimitOf', () => {
  it('reads period and reset as seconds', () => {
    const headers = {
      'x-ratelimit-limit': '100',
      'x-ratelimit-period': '60',
      'x-ratelimit-remaining': '7',
      'x-ratelimit-reset': '42',
      'x-ratelimit-name': 'pages',
    };
    const expected = { limit: 100, remaining: 7, periodMs: 60_000, resetMs: 42_000, name: 'pages' };
    expect(rateLimitOf(headers)).toEqual(expected);
  });

  it('is undefined without a limit or if the limit is not a number', () => {
    expect(rateLimitOf({})).toBeUndefined();
    expect(rateLimitOf({ 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '1' })).toBeUndefined();
  });
});

describe('retryAfterMsOf', () => {
  it('waits for the reset of a 429', () => {
    expect(retryAfterMsOf(429, { 'x-ratelimit-reset': '3' }, now)).toBe(3000);
  });

  it('ignores the reset of other answers', () => {
    expect(retryAfterMsOf(503, { 'x-ratelimit-reset': '3' }, now)).toBeUndefined();
  });

  it('accepts Retry-After in seconds or as a date, and uses the longer of Retry-After and reset', () => {
    expect(retryAfterMsOf(503, { 'retry-after': '5' }, now)).toBe(5000);
    expect(retryAfterMsOf(503, { 'retry-after': new Date(now + 9000).toUTCString() }, now)).toBe(9000);
    expect(retryAfterMsOf(429, { 'retry-after': '5', 'x-ratelimit-reset': '8' }, now)).toBe(8000);
  });

  it('is undefined if the headers are zero, in the past or invalid', () => {
    expect(retryAfterMsOf(429, { 'x-ratelimit-reset': '0' }, now)).toBeUndefined();
    expect(retryAfterMsOf(503, { 'retry-after': new Date(now - 9000).toUTCString() }, now)).toBeUndefined();
    expect(retryAfterMsOf(429, { 'retry-after': '-1', 'x-ratelimit-reset': 'soon' }, now)).toBeUndefined();
  });

  it('is at most an hour', () => {
    expect(retryAfterMsOf(429, { 'x-ratelimit-reset': '1700000000' }, now)).toBe(3_600_000);
  });
});
