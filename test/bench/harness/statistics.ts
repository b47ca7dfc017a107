import { existsSync, readFileSync } from 'node:fs';

/** Returns the resident memory of a process, now or at its peak; NaN without /proc. */
export function mebibytesOf(pid: number, when: 'now' | 'height' = 'now'): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return Number.NaN;
  const line = when === 'now' ? /^VmRSS:\s+(\d+)/m : /^VmHWM:\s+(\d+)/m;
  return Number(line.exec(readFileSync(status, 'utf8'))?.[1]) / 1024;
}

// USER_HZ, which is fixed in the interfaces of Linux.
const ticksPerSecond = 100;

/** Returns the CPU seconds of these processes so far, including system calls; undefined without /proc. */
export function cpuSeconds(pids: readonly number[]): number | undefined {
  const stats = pids.map((pid) => `/proc/${pid}/stat`);
  if (!stats.every((stat) => existsSync(stat))) return undefined;
  const ticks = stats.map((stat) => ticksIn(readFileSync(stat, 'utf8')));
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

// The name in parentheses may contain spaces: utime and stime are the 12th and 13th fields behind it.
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Returns the median, or the mean of the two middle values. Throws RangeError without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values, no median');
  return (lower + upper) / 2;
}

/** Returns the smallest value that the share `fraction` does not exceed (nearest rank). `sorted` ascends and is not empty. */
export function percentile(sorted: ArrayLike<number>, fraction: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(fraction * sorted.length)));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('no values, no percentile');
  return value;
}

/** Returns the latencies of one run as figures. */
export function latencyFigures(milliseconds: readonly number[]): {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
} {
  const sorted = Float64Array.from(milliseconds).sort();
  return {
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    p999Ms: percentile(sorted, 0.999),
  };
}

/** Returns the rate a second of events at these times over the middle 80 %: neither a slow start nor a late end counts. */
export function middleRate(atMs: readonly number[]): number {
  const sorted = Float64Array.from(atMs).sort();
  return (0.8 * sorted.length * 1000) / (percentile(sorted, 0.9) - percentile(sorted, 0.1));
}

/** Rounds to four significant digits: more would be noise. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
