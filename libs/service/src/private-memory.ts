import { writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { ConfigError } from './config.ts';

/**
 * Closes the doors by which what is in memory, keys first of all, could leave this process: inspector, heap snapshots, core
 * dumps, diagnostic reports.
 *
 * To be called before a key is read. Throws ConfigError where the process was started with one of the first two open.
 */
export function keepMemoryPrivate(warn: (message: string) => void): void {
  // Node opens its inspector on this signal unless somebody listens to it.
  process.on('SIGUSR1', () => warn('SIGUSR1 opens no inspector here: what is in this memory stays in it'));
  if (inspectorUrl() !== undefined) throw openDoor('an inspector', '--inspect');
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const snapshots = flags.find((flag) => /^--heapsnapshot[-_]/.test(flag));
  if (snapshots) throw openDoor('heap snapshots', snapshots.replace(/=.*/, ''));
  // A report has every variable of the environment otherwise.
  if (process.report) process.report.excludeEnv = true;
  emptyCoreDumps(warn);
}

const openDoor = (what: string, flag: string): ConfigError =>
  new ConfigError(
    `bad configuration: started with ${what}, and whoever reaches that reads every key in this memory; start it without ${flag}, also in NODE_OPTIONS`,
  );

/** A dump of this process has none of its memory, whatever its limit and wherever the kernel sends it. */
function emptyCoreDumps(warn: (message: string) => void): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code;
    warn(`a core dump of this process would hold keys (${cause} for /proc/self/coredump_filter): set ulimit -c 0`);
  }
}
