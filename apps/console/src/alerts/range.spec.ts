import { describe, expect, it } from '@jest/globals';
import { spanIn, startOf } from './range.ts';

const now = Date.parse('2026-11-30T12:00:00Z');

describe('the time of the lists', () => {
  it('is the last six hours, a span that is named, or from a time on', () => {
    expect(startOf({}, now)).toBe('2026-11-30T06:00:00.000Z');
    expect(startOf({ from: '30d' }, now)).toBe('2026-10-31T12:00:00.000Z');
    expect(startOf({ from: '2026-11-29T03:12:04Z' }, now)).toBe('2026-11-29T03:12:04.000Z');
    expect(['', '7d', '2026-11-29T03:12:04Z', 'toString'].map((from) => spanIn(from))).toEqual([
      ...['6h', '7d', undefined, undefined],
    ]);
  });

  it('is at most seven days while a text is searched', () => {
    expect(startOf({ from: '30d', q: 'disk' }, now)).toBe('2026-11-23T12:10:00.000Z');
    const long = { from: '2026-11-01T00:00:00Z', to: '2026-11-20T00:00:00Z', q: 'disk' };
    expect(startOf(long, now)).toBe('2026-11-13T00:10:00.000Z');
  });

  it('leaves what is no time to the service, which says so', () => {
    expect(startOf({ from: 'yesterday' }, now)).toBe('yesterday');
  });
});
