import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../page-path/alerts.ts';

/**
 * Waits until a count is large enough, or has not changed for `stillMs`; returns it.
 *
 * What stands still is a result, not an error: a benchmark of a fault must end with figures.
 */
export async function untilStill(
  read: () => Promise<number>,
  enough: number,
  { stillMs, everyMs = 100 }: { readonly stillMs: number; readonly everyMs?: number },
): Promise<number> {
  let count = await read();
  let changedAt = nowMs();
  while (count < enough && nowMs() - changedAt < stillMs) {
    await sleep(everyMs);
    const before = count;
    count = await read();
    if (count !== before) changedAt = nowMs();
  }
  return count;
}
