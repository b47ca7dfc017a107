import type { LocalProcess } from '@pagebridge/local-stack';
import { nowMs } from './alerts.ts';

/**
 * Pauses processes while work is prepared, then resumes them. Returns the time of the resumption.
 *
 * The preparation then costs no CPU during the measurement. It must end within the session timeout of 10 s, or the group
 * removes the processes.
 * timeout, 10 s, or their group takes them for dead.
 */
export async function whilePaused(
  processes: readonly LocalProcess[],
  prepareWork: () => Promise<unknown>,
): Promise<number> {
  for (const process of processes) process.signal('SIGSTOP');
  try {
    await prepareWork();
  } finally {
    for (const process of processes) process.signal('SIGCONT');
  }
  return nowMs();
}
