import type { AlertState, PageState, ResolveCommand } from '@pagebridge/contracts';
import { eventTime, instant } from '../event-time.ts';
import { touched } from '../page.ts';
import { resolving, superseded } from '../transitions.ts';
import type { Decision } from './decision.ts';

/**
 * Ends every page whose latest trigger is not after the recovery.
 *
 * An older or redelivered recovery changes nothing: a page with the same event time was triggered after the recovery.
 */
export function decideResolve(state: AlertState, command: ResolveCommand, now: Date): Decision {
  const happened = eventTime(command.occurredAt, now, state);
  if (!isNewer(state, command, happened)) return { state, events: [] };
  const pages = state.pages.map((page) => (instant(page.triggeredAt) <= happened.getTime() ? end(page, now) : page));
  const recoveredAt = happened.toISOString();
  const recovered = { ...state, pages, recoveredAt, recoveredBy: command.alertEventId };
  return { state: touched(recovered, recoveredAt, now), events: [] };
}

function isNewer(state: AlertState, command: ResolveCommand, happened: Date): boolean {
  if (!state.recoveredAt) return true;
  const since = happened.getTime() - instant(state.recoveredAt);
  return since > 0 || (since === 0 && state.recoveredBy !== command.alertEventId);
}

function end(page: PageState, now: Date): PageState {
  if (page.status === 'pending') return superseded(page, 'recovered', now);
  // The answer of the call in flight decides whether there is a page to resolve.
  if (page.status === 'attempting') return page.ending === 'recovered' ? page : { ...page, ending: 'recovered' };
  if (page.status === 'delivered') return resolving(page, now);
  return page;
}
