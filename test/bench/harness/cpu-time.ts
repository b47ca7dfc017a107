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
