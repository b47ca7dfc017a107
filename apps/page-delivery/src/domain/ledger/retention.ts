import type { AlertState } from '@pagebridge/contracts';
import { latenessMs, type Policy } from '../attempts/policy.ts';
import { instant } from '../event-time.ts';
import { isBusy } from '../page.ts';

/** Nothing is to be done, is under way or is to be told. */
export const isAtRest = (state: AlertState): boolean =>
  state.pages.every((page) => !isBusy(page) && page.unreported.length === 0);

/** May the alert be forgotten? Never while something is to be done or told; a page that stays open is not. */
export function isForgettable(state: AlertState, now: Date, policy: Policy): boolean {
  if (!isAtRest(state)) return false;
  const keptMs = state.pages.length === 0 ? Math.min(latenessMs, policy.retentionMs) : policy.retentionMs;
  return now.getTime() - instant(state.updatedAt) >= keptMs;
}
