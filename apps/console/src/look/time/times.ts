import type { Zone } from './zone.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  [day, 'd'],
  [hour, 'h'],
  [minute, 'min'],
  [second, 's'],
] as const;

/** Returns the largest whole unit of a duration: `40 s`, `14 min`, `9 d`. */
export function duration(ms: number): string {
  const [size, unit] = units.find(([size]) => ms >= size) ?? [second, 's'];
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
}

/** Returns `14 min ago`, `in 8 s` or `now`. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (Math.abs(past) < second) return 'now';
  return past > 0 ? `${duration(past)} ago` : `in ${duration(-past)}`;
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

const formatsIn = (timeZone: string | undefined) => ({
  day: new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' }),
  clock: new Intl.DateTimeFormat('en-GB', { ...clock, timeZone }),
  dated: new Intl.DateTimeFormat('en-GB', { ...clock, timeZone, day: 'numeric', month: 'short' }),
  withYear: new Intl.DateTimeFormat('en-GB', { ...clock, timeZone, day: 'numeric', month: 'short', year: 'numeric' }),
});

// A format takes long to make, and each second every time of the page is written again.
const formats = { local: formatsIn(undefined), utc: formatsIn('UTC') };

/** Returns a time of day, with the date if it is not today's, and the year if it is not this one: `03:12:04`, `28 Oct, 03:12:04`. */
export function clockTime(at: number, now: number, zone: Zone): string {
  const its = formats[zone];
  const [day = '', today = ''] = [at, now].map((time) => its.day.format(time));
  if (day === today) return its.clock.format(at);
  return (day.slice(-4) === today.slice(-4) ? its.dated : its.withYear).format(at);
}
