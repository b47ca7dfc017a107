import { describe, expect, it } from '@jest/globals';
import type { Alert } from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import fc from 'fast-check';
import { tooOld } from './too-old.ts';

const now = new Date('2026-06-01T12:00:00Z');
const hour = 60 * 60_000;
const ago = (hours: number) => now.getTime() - hours * hour;
const aged = (hours: number, its: Partial<Alert> = {}) =>
  anAlert({ occurredAt: new Date(ago(hours)).toISOString(), ...its });
const reasonFor = (alert: Alert, writtenHoursAgo: number) => tooOld(alert, ago(writtenHoursAgo), now, 4 * hour)?.reason;

describe('an alert', () => {
  it('is too old if both its record and its event are, with its age in the detail', () => {
    expect(tooOld(aged(7), ago(5), now, 4 * hour)).toEqual({
      ok: false,
      reason: 'too-old',
      detail: expect.stringMatching(/300 minutes old .* maximum is 240 minutes\. Replay it/),
    });
    expect(reasonFor(aged(4), 4)).toBeUndefined();
  });

  it.each([
    ['its source is in another time zone', aged(9), 0],
    ['its source writes times in the future', aged(-9), 5],
    ['its source writes a time that cannot be parsed', anAlert({ occurredAt: 'yesterday' }), 5],
    ['its record was written late', aged(5), 1],
    ['its record has a timestamp in the future, set by the producer', aged(5), -100_000],
    ['its record has no timestamp', aged(1), now.getTime() / hour],
  ])('is not too old when %s', (_why, alert, writtenHoursAgo) => {
    expect(reasonFor(alert, writtenHoursAgo)).toBeUndefined();
  });

  it('is never too old when it recovered, or names no handle', () => {
    expect(reasonFor(aged(100, { transition: 'recovered' }), 100)).toBeUndefined();
    expect(reasonFor(aged(100, { message: 'All is lost.' }), 100)).toBeUndefined();
    expect(reasonFor(aged(100, { message: '', recipients: ['oncall-core-infra'] }), 100)).toBe('too-old');
  });

  it('has the lesser age of its record and its event, whatever they are', () => {
    const hours = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(hours, hours, (occurred, written) => {
        const isOld = Math.min(occurred, written) > 4;
        const alert = aged(occurred);
        const exact = (now.getTime() - Date.parse(alert.occurredAt)) / hour;
        fc.pre(Math.abs(exact - 4) > 0.001 && Math.abs(written - 4) > 0.001);
        expect(reasonFor(alert, written)).toBe(isOld ? 'too-old' : undefined);
      }),
    );
  });
});
