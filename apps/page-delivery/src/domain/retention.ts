import type { AlertState } from '@pagebridge/contracts';
import { instant } from './event-time.ts';
import { workOf } from './page.ts';
import { latenessMs, type Policy } from './policy.ts';

/** May the alert be forgotten? Never while something is to be done or told; a page that stays open is not. */
export function isForgettable(state: AlertState, now: Date, policy: Policy): boolean {
  const isBusy = state.pages.some(
    (page) => workOf(page) !== undefined || page.status === 'attempting' || page.unreported.length > 0,
  );
  if (isBusy) return false;
  const keptMs = state.pages.length === 0 ? Math.min(latenessMs, policy.retentionMs) : policy.retentionMs;
  return now.getTime() - instant(state.updatedAt) >= keptMs;
}
