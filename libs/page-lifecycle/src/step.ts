import type { AlertState, PageState } from '@pagebridge/contracts';
import { momentText } from '@pagebridge/vocabulary';
import { type Answer, applyAnswer, giveUp } from './attempts/apply-answer.ts';
import { begin, restored } from './attempts/attempt.ts';
import { type CommandsRead, decideAll } from './commands/decide.ts';
import { drained } from './drain.ts';
import { due } from './due.ts';
import { dueCall, type Effect, effectsOf, type Stepped } from './effects.ts';
import { instant } from './event-time.ts';
import { type ConnectionOf, failOver } from './failover/failover.ts';
import { type Prospect, retried, unreportedOutcomes } from './outcomes.ts';
import { agesFrom, type CallKind, pageOf, workOf } from './page.ts';
import type { Policy } from './policy.ts';
import { type ReadPage, readBack } from './read-back.ts';
import { isForgettable } from './retention.ts';
import { setAside } from './set-aside.ts';

/** What happens to an alert. */
export type Input =
  | CommandsRead
  | Answered
  /** A call for the page is announced. */
  | { readonly kind: 'begun'; readonly pageId: string }
  | Overdue
  | { readonly kind: 'connection-deleted'; readonly connectionId: string }
  /** The destination was asked what became of a page there. */
  | { readonly kind: 'read-back'; readonly read: ReadPage }
  /** Kafka will never accept the record of the alert. `inLedger`: the state there. */
  | { readonly kind: 'unwritable'; readonly inLedger: AlertState | undefined; readonly detail: string }
  /** The alert may have been kept long enough. `by`: the time by which alerts age. */
  | { readonly kind: 'aged'; readonly by: Date }
  /** A new owner has read the alert from the ledger. */
  | { readonly kind: 'restored' };

/** A page has waited so long that it may have to fail over or to be given up. `keepsUp`: whether writes and outcomes do not wait. */
interface Overdue {
  readonly kind: 'overdue';
  readonly pageId: string;
  readonly keepsUp: boolean;
}

/** A call has ended. */
interface Answered {
  readonly kind: 'answered';
  readonly pageId: string;
  readonly callKind: CallKind;
  readonly answer: Answer;
}

/** The limits of delivery, and the connections as this process knows them. */
export interface Terms extends Policy {
  readonly connectionOf: ConnectionOf;
}

/** Returns what becomes of an alert, the same object if nothing changes, and what follows from that; pure. */
export function step(alert: AlertState | undefined, input: Input, now: Date, terms: Terms): Stepped {
  if (input.kind === 'commands') return decideAll(alert, input, now, terms);
  if (!alert) return { alert, effects: [] };
  switch (input.kind) {
    case 'begun':
      return changed(alert, begin(alert, input.pageId, now), now);
    case 'answered':
      return answered(alert, input, now, terms);
    case 'overdue':
      return changed(alert, overdue(alert, input, now, terms), now);
    case 'connection-deleted':
      return changed(alert, drained(alert, input.connectionId, now), now);
    case 'read-back':
      return changed(alert, readBack(alert, input.read, now), now);
    case 'unwritable': {
      const { reduced, kept } = setAside(alert, input.inLedger, input.detail, now);
      if (JSON.stringify(kept) === JSON.stringify(alert)) return { alert, effects: [] };
      return { ...changed(alert, reduced, now), alert: kept.pages.length > 0 || kept.recoveredAt ? kept : undefined };
    }
    case 'aged':
      return { alert: isForgettable(alert, input.by, terms) ? undefined : alert, effects: [] };
    case 'restored': {
      const { alert: after, effects } = changed(alert, restored(alert, now), now);
      return { alert: after, effects: [...effects.filter(isNotRepeated), ...resumed(after)] };
    }
  }
}

const changed = (before: AlertState, after: AlertState, now: Date) => ({
  alert: after,
  effects: effectsOf(before, after, now),
});

function answered(alert: AlertState, { pageId, answer, callKind }: Answered, now: Date, terms: Terms): Stepped {
  const { alert: after, effects } = changed(alert, applyAnswer(alert, pageId, answer, now, terms.connectionOf), now);
  const page = pageOf(after, pageId);
  if (after === alert || answer.kind !== 'failed' || !page || workOf(page) !== callKind)
    return { alert: after, effects };
  const again = retried(after, page, answer.cause, prospectOf(page, terms));
  return { alert: after, effects: [...effects, { kind: 'publish', pending: again }] };
}

function overdue(alert: AlertState, { pageId, keepsUp }: Overdue, now: Date, terms: Terms): AlertState {
  const { connectionOf } = terms;
  const page = pageOf(alert, pageId);
  if (!page || !workOf(page)) return alert;
  const what = due(alert, page, connectionOf(page.connectionId), now, terms);
  if (what.kind === 'fail-over') return failOver(alert, pageId, connectionOf, now);
  if (what.kind === 'call') return alert;
  // A page is not given up while nobody would be told. One that has become too old is not too old for its backup.
  if (!keepsUp) return what.reason === 'too-old' ? failOver(alert, pageId, connectionOf, now) : alert;
  return giveUp(alert, pageId, what.reason, what.detail, now, connectionOf);
}

function prospectOf(page: PageState, { maxAgeMs }: Terms): Prospect {
  const givenUpAt = momentText(instant(agesFrom(page)) + maxAgeMs);
  return { nextAttemptAt: page.nextAttemptAt, ...(givenUpAt ? { givenUpAt } : {}) };
}

// A new owner makes all calls that wait, and publishes all outcomes that are listed.
const isNotRepeated = ({ kind }: Effect): boolean => kind !== 'call' && kind !== 'publish';

function resumed(alert: AlertState): Effect[] {
  const calls = alert.pages.flatMap((page) => {
    const callKind = workOf(page);
    return callKind ? [dueCall(page, callKind)] : [];
  });
  return [...calls, ...unreportedOutcomes(alert).map((pending) => ({ kind: 'publish' as const, pending }))];
}
