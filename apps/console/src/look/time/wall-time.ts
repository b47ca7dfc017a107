import type { Zone } from './zone.ts';

/** Returns a time as a `datetime-local` field shows it: `2026-11-29T03:12:04`. Empty for what is no time. */
export function toWallTime(at: string | undefined, zone: Zone): string {
  const ms = Date.parse(at ?? '');
  const offsetMs = zone === 'utc' ? 0 : new Date(ms).getTimezoneOffset() * 60_000;
  return Number.isNaN(ms) ? '' : new Date(ms - offsetMs).toISOString().slice(0, 19);
}

/** Returns the time in UTC that such a field holds; empty for an empty field, undefined for a time that is not typed to its end. */
export function fromWallTime(text: string, zone: Zone): string | undefined {
  if (text === '') return '';
  const ms = Date.parse(zone === 'utc' ? `${text}Z` : text);
  // A year is typed digit by digit, and each digit makes a time.
  return Number.isNaN(ms) || !/^2\d{3}-/.test(text) ? undefined : new Date(ms).toISOString().replace('.000', '');
}
