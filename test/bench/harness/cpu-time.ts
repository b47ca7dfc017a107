import { existsSync, readFileSync } from 'node:fs';

// USER_HZ, which Linux has long fixed for what it tells of processes.
const ticksPerSecond = 100;

/** The seconds of CPU that these processes have used so far, by their system calls too; undefined where nobody counts. */
export function cpuSeconds(pids: readonly number[]): number | undefined {
  const stats = pids.map((pid) => `/proc/${pid}/stat`);
  if (!stats.every((stat) => existsSync(stat))) return undefined;
  const ticks = stats.map((stat) => ticksIn(readFileSync(stat, 'utf8')));
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

// The name in parentheses may hold spaces: utime and stime are the 12th and 13th after it.
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
