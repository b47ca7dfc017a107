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

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: Zone, withDate: boolean): Intl.DateTimeFormat {
  const name = `${zone} ${withDate}`;
  const kept = formats.get(name);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...(withDate ? { day: 'numeric', month: 'short' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  });
  formats.set(name, made);
  return made;
}

/** Returns a time of day, with the date if it is more than 20 hours away: `03:12:04`, `28 Oct, 03:12:04`. */
export const clockTime = (at: number, now: number, zone: Zone): string =>
  formatOf(zone, Math.abs(now - at) > 20 * hour).format(at);
