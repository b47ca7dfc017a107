import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstant, isMoment } from './instant.ts';

// These tests run first, while the cache of the last valid time is empty.
it.each([isInstant, isMoment])('an empty text is not a time, even as the first checked text', (isTime) => {
  expect(isTime('')).toBe(false);
});

describe('isInstant', () => {
  it.each([
    '2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00.123456789+05:30',
    '2026-01-31t12:00:00z',
    '2026-01-31 12:00:00Z',
    '2024-02-29T23:59:59Z',
    '2000-01-01T00:00:00+23:59',
    '2200-12-31T23:59:59.999999999-23:59',
  ])('accepts %s', (text) => {
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
    '1999-12-31T23:59:59Z',
    '2201-01-01T00:00:00Z',
    '0000-01-01T00:00:00+23:00',
    '2026-01-31T12:00:00.1234567890Z',
    'Sat, 31 Jan 2026 12:00:00 GMT',
  ])('refuses %p', (text) => {
    expect(isInstant(text)).toBe(false);
  });

  it('refuses more than nine digits after the second', () => {
    expect(isInstant(`2026-01-31T12:00:00.${'0'.repeat(600_000)}Z`)).toBe(false);
  });

  it('accepts every time that Date.toISOString returns', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2200-12-31') }), (date) =>
        isInstant(date.toISOString()),
      ),
    );
  });
});

describe('isMoment', () => {
  it('accepts every time that a Date can represent, of any year and precision', () => {
    const precise = `2026-01-31T12:00:00.${'1'.repeat(600_000)}Z`;
    const moments = ['1970-01-01T00:00:00.000Z', '-000001-12-31T01:00:00.000Z', precise];
    expect(moments.filter((text) => !isMoment(text))).toEqual([]);
  });

  it('refuses a text that a Date cannot represent', () => expect(isMoment('the day after tomorrow')).toBe(false));
});
