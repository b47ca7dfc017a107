import type { AlertState } from '@pagebridge/contracts';
import { instant } from './event-time.ts';
import { unreportedKinds } from './outcomes.ts';
import { isBusy } from './page.ts';
import { latenessMs, type Policy } from './policy.ts';

/** Returns whether nothing of the alert is under way: no create is in flight, and no outcome is unreported. */
export const isIdle = (state: AlertState): boolean =>
  state.pages.every((page) => page.status !== 'attempting' && unreportedKinds(page).length === 0);

/** Returns whether the alert may be forgotten. It must be idle, and no page may wait; pages may be open. */
export function isForgettable(state: AlertState, now: Date, policy: Policy): boolean {
  if (!isIdle(state) || state.pages.some(isBusy)) return false;
  const keptMs = state.pages.length === 0 ? Math.min(latenessMs, policy.retentionMs) : policy.retentionMs;
  return now.getTime() - instant(state.updatedAt) >= keptMs;
}
