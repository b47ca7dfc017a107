import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromWallTime, toWallTime } from './wall-time.ts';

describe('the time of a field', () => {
  it('is written in the zone of the person and told in UTC', () => {
    expect(toWallTime('2026-11-29T03:12:04Z', 'utc')).toBe('2026-11-29T03:12:04');
    expect(toWallTime('2026-11-29T03:12:04+01:00', 'utc')).toBe('2026-11-29T02:12:04');
    expect(fromWallTime('2026-11-29T03:12', 'utc')).toBe('2026-11-29T03:12:00Z');
  });

  it('is the same after the way to the field and back', () => {
    const seconds = fc.integer({ min: Date.UTC(2000, 1) / 1000, max: Date.UTC(2099, 1) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const at = new Date(second * 1000).toISOString().replace('.000', '');
        expect(fromWallTime(toWallTime(at, 'utc'), 'utc')).toBe(at);
      }),
    );
  });

  it.each(['0002-11-29T03:12', '0202-11-29T03:12', '2026-13-29T03:12', 'now'])('is not told while it is %s', (text) => {
    expect(fromWallTime(text, 'utc')).toBeUndefined();
  });

  it('is empty if there is none', () => {
    expect(fromWallTime('', 'local')).toBe('');
    expect(toWallTime(undefined, 'local')).toBe('');
    expect(toWallTime('yesterday', 'local')).toBe('');
  });
});
