import type { AlertState } from '@pagebridge/contracts';
import { latenessMs, type Policy } from '../attempts/policy.ts';
import { instant } from '../event-time.ts';
import { isBusy } from '../page.ts';

/** Returns whether no page is busy and no outcome is unreported. */
export const isAtRest = (state: AlertState): boolean =>
  state.pages.every((page) => !isBusy(page) && page.unreported.length === 0);

/** Returns whether the alert may be forgotten. It must be at rest, but it may have open pages. */
export function isForgettable(state: AlertState, now: Date, policy: Policy): boolean {
  if (!isAtRest(state)) return false;
  const keptMs = state.pages.length === 0 ? Math.min(latenessMs, policy.retentionMs) : policy.retentionMs;
  return now.getTime() - instant(state.updatedAt) >= keptMs;
}
