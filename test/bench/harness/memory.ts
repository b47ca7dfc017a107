import { existsSync, readFileSync } from 'node:fs';

/** Returns the resident memory of a process, now or at its peak; NaN without /proc. */
export function mebibytesOf(pid: number, when: 'now' | 'height' = 'now'): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return Number.NaN;
  const line = when === 'now' ? /^VmRSS:\s+(\d+)/m : /^VmHWM:\s+(\d+)/m;
  return Number(line.exec(readFileSync(status, 'utf8'))?.[1]) / 1024;
}
