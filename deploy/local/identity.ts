import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Tells one process from every other that had or will have its pid: start time and command line.
 *
 * Undefined when there is no such process or when the system does not say.
 */
export function identityOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/stat')) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return undefined;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return `${fields[19]} ${command}`;
    }
    const env = { ...process.env, LC_ALL: 'C' };
    return execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { env, encoding: 'utf8' }).trim();
  } catch {
    // No such process: both /proc and ps say so by failing.
    return undefined;
  }
}
