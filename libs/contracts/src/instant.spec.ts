import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstant } from './instant.ts';

describe('isInstant', () => {
  it.each([
    '2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00.123456789+05:30',
    '2026-01-31t12:00:00z',
    '2026-01-31 12:00:00Z',
    '2024-02-29T23:59:59Z',
  ])('takes %s', (text) => {
    expect(isInstant(text)).toBe(true);
    expect(Date.parse(text)).not.toBeNaN();
  });

  it.each([
    '',
    '1769860800000',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00Z',
    '2026-01-31T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-31T12:00:00+24:00',
    '12026-01-31T12:00:00Z',
    'Sat, 31 Jan 2026 12:00:00 GMT',
  ])('refuses %p', (text) => {
    expect(isInstant(text)).toBe(false);
  });

  it('takes every time that a Date writes', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }), (date) =>
        isInstant(date.toISOString()),
      ),
    );
  });
});
