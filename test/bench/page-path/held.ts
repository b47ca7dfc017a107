import type { LocalProcess } from '@pagebridge/local-stack';
import { nowMs } from './alerts.ts';

/**
 * Holds processes still while work is laid before them, then lets them go. Returns when that was.
 *
 * What they then do is theirs alone: whoever laid the work has finished. The work must be laid within their session
 * timeout, 10 s, or their group takes them for dead.
 */
export async function whileHeld(processes: readonly LocalProcess[], layWork: () => Promise<unknown>): Promise<number> {
  for (const process of processes) process.signal('SIGSTOP');
  try {
    await layWork();
  } finally {
    for (const process of processes) process.signal('SIGCONT');
  }
  return nowMs();
}
