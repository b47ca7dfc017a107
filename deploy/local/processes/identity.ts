import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Returns a text that identifies a process even if its pid is reused: its boot and its start time.
 *
 * Undefined if there is no such process or the system does not report it. The command line is no identity: `exec` changes it.
 */
export function identityOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/stat')) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      // The first thread of a killed process may be a zombie while others still hold its ports.
      const hasEnded = fields[0] === 'Z' && Number(fields[17]) <= 1;
      return hasEnded ? undefined : `${boot} ${fields[19]}`;
    }
    const env = { ...process.env, LC_ALL: 'C' };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env, encoding: 'utf8' }).trim();
  } catch {
    // There is no such process: both /proc and ps fail then.
    return undefined;
  }
}
