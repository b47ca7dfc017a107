import { writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { UsageError } from './command-line.ts';

/**
 * Disables the features that could reveal the memory of this process, and private keys with it: inspector, heap snapshots,
 * core dumps, diagnostic reports.
 *
 * Must be called before a key is read. Throws UsageError if the process was started with one of the first two.
 */
export function keepMemoryPrivate(warn: (message: string) => void): void {
  // Node opens its inspector on this signal unless the signal has a handler.
  process.on('SIGUSR1', () => warn('SIGUSR1 ignored: an inspector could read the keys in memory'));
  if (inspectorUrl() !== undefined) throw exposed('an inspector', '--inspect');
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const snapshots = flags.find((flag) => /^--heapsnapshot[-_]/.test(flag));
  if (snapshots) throw exposed('heap snapshots', snapshots.replace(/=.*/, ''));
  // By default a diagnostic report contains all environment variables.
  if (process.report) process.report.excludeEnv = true;
  emptyCoreDumps(warn);
}

const exposed = (feature: string, flag: string): UsageError =>
  new UsageError(
    `bad configuration: ${feature} would reveal the keys in memory; start without ${flag}, also in NODE_OPTIONS`,
  );

/** Makes core dumps of this process contain none of its memory, whatever their size limit and wherever the kernel writes them. */
function emptyCoreDumps(warn: (message: string) => void): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code;
    warn(`core dumps of this process can contain keys (/proc/self/coredump_filter: ${cause}); set ulimit -c 0`);
  }
}
