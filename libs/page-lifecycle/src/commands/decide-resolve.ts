import { type AlertState, isLater, laterRecord, type PageState, type ResolveCommand } from '@pagebridge/contracts';
import { eventTime, textOf } from '../event-time.ts';
import { recoveryOf, touched, triggerOf } from '../page.ts';
import { resolving, superseded } from '../transitions.ts';
import { type Decision, type ReceivedCommand, recordOf } from './decision.ts';

/**
 * Ends every page whose latest trigger is not after the recovery.
 *
 * A recovery that is read again changes nothing: a page with the same event time was triggered after the recovery.
 */
export function decideResolve(state: AlertState, received: ReceivedCommand<ResolveCommand>, now: Date): Decision {
  const { alertEventId, occurredAt } = received.command;
  const happened = eventTime(occurredAt, now, state);
  const recovery = { at: happened.getTime(), record: recordOf(received) };
  const known = recoveryOf(state);
  // The time of a recovery that is dated far ahead is that of its reading.
  const isSame = recovery.at === known.at || (recovery.record && recovery.record === known.record);
  if (isSame && alertEventId === state.recoveredBy) return { state, events: [] };
  const pages = state.pages.map((page) => (isLater(triggerOf(page), recovery) ? page : end(page, now)));
  // The latest time and the latest record are those of two recoveries if a clock was set back between them.
  const isLatest = recovery.at >= known.at;
  const { recoveryRecord, ...rest } = state;
  const record = laterRecord(recovery.record, recoveryRecord) ?? (isLatest ? recovery.record : recoveryRecord);
  const isOld = !isLatest && record === recoveryRecord;
  if (isOld && pages.every((page, index) => page === state.pages[index])) return { state, events: [] };
  const recovered: AlertState = {
    ...rest,
    pages,
    ...(isLatest ? { recoveredAt: textOf(happened), recoveredBy: alertEventId } : {}),
    ...(record ? { recoveryRecord: record } : {}),
  };
  return { state: touched(recovered, textOf(happened), now), events: [] };
}

function end(page: PageState, now: Date): PageState {
  if (page.status === 'pending') return superseded(page, 'recovered', now);
  // The answer of the call in flight decides whether there is a page to resolve.
  if (page.status === 'attempting') return page.ending === 'recovered' ? page : { ...page, ending: 'recovered' };
  if (page.status === 'delivered') return resolving(page, now);
  return page;
}
