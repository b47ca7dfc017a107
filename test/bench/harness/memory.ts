import { existsSync, readFileSync } from 'node:fs';

/** What a process holds in memory, as the system counts it, now or at its height; NaN where nobody counts. */
export function mebibytesOf(pid: number, when: 'now' | 'height' = 'now'): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return Number.NaN;
  const line = when === 'now' ? /^VmRSS:\s+(\d+)/m : /^VmHWM:\s+(\d+)/m;
  return Number(line.exec(readFileSync(status, 'utf8'))?.[1]) / 1024;
}
