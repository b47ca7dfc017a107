import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import { momentText } from '@pagebridge/vocabulary';
import { type Answer, applyAnswer, giveUp } from './attempts/apply-answer.ts';
import { begin, restored } from './attempts/attempt.ts';
import { decide } from './commands/decide.ts';
import { type ReceivedCommand, type Refused } from './commands/decision.ts';
import { drained } from './drain.ts';
import { due } from './due.ts';
import { instant } from './event-time.ts';
import { type ConnectionOf, type FailoverCause, failOver, failoverCauseOf } from './failover/failover.ts';
import {
  type OutcomeEvent,
  type Prospect,
  retried,
  unreportedKinds,
  unreportedOf,
  unreportedOutcomes,
} from './outcomes.ts';
import { agesFrom, type CallKind, isEnded, pageOf, workOf } from './page.ts';
import { type Policy } from './policy.ts';
import { type ReadPage, readBack } from './read-back.ts';
import { setAside } from './set-aside.ts';

/** What happens to an alert. */
export type Input =
  | CommandsRead
  | Answered
  /** A call for the page is announced. */
  | { readonly kind: 'begun'; readonly pageId: string }
  | Late
  | { readonly kind: 'connection-deleted'; readonly connectionId: string }
  /** The destination was asked what became of a page there. */
  | { readonly kind: 'read-back'; readonly read: ReadPage }
  /** Kafka will never accept the record of the alert. `held`: the state in the ledger. */
  | { readonly kind: 'refused'; readonly held: AlertState | undefined; readonly detail: string }
  /** A new owner has read the alert from the ledger. */
  | { readonly kind: 'restored' };

/** `refused`: why the alert, or its source org, takes no further page. `isWritten`: whether the ledger holds the alert as it is. */
interface CommandsRead {
  readonly kind: 'commands';
  readonly received: readonly ReceivedCommand[];
  readonly refused: Refused | undefined;
  readonly isWritten: boolean;
}

/** A page has waited so long that it may have to fail over or to be given up. `mayGiveUp`: else it waits on. */
interface Late {
  readonly kind: 'late';
  readonly pageId: string;
  readonly mayGiveUp: boolean;
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

/** `alert` is undefined if nothing is left to be kept. */
export interface Stepped {
  readonly alert: AlertState | undefined;
  readonly effects: Effects;
}

/** What follows from a step. */
export interface Effects {
  /** Commands whose text a call needs. */
  readonly keepText: readonly PageCommand[];
  /** Pages that wait for a call no longer. */
  readonly callOff: readonly PageState[];
  /** Pages for which a call is due, once the ledger holds the alert. */
  readonly call: readonly PageState[];
  /** What an operator must know. Failovers are counted too. */
  readonly log: readonly Notice[];
  /** To be published once the ledger holds the alert, with the dead letters of pages that are given up. */
  readonly publish: readonly PendingOutcome[];
  /** Commands to be parked unchanged. */
  readonly deadLetter: readonly RefusedCommand[];
  /** Commands to be decided once the ledger holds the alert. */
  readonly postpone: readonly ReceivedCommand[];
}

/** With its page, which lists it in the ledger until it is published: the next owner finds it there. */
export type PendingOutcome = OutcomeEvent & { readonly page?: PageState };

export interface RefusedCommand {
  readonly received: ReceivedCommand;
  readonly refused: Refused;
}

/** `stays-open`: nothing resolves the page, which may exist. `fails-over`: the page has a backup now. */
export type Notice = { readonly alert: AlertState; readonly page: PageState } & (
  | { readonly kind: 'given-up' | 'stays-open' }
  | { readonly kind: 'fails-over'; readonly backup: PageState; readonly cause: FailoverCause | undefined }
);

// An alert with more pages than this is written before the end of its batch: only written pages can be trimmed.
const maxPagesUnwritten = 250;

/** Returns what becomes of an alert, the same object if nothing changes, and what follows from that; pure. */
export function step(alert: AlertState | undefined, input: Input, now: Date, terms: Terms): Stepped {
  if (input.kind === 'commands') return decided(alert, input, now, terms);
  if (!alert) return { alert, effects: none };
  switch (input.kind) {
    case 'begun':
      return changed(alert, begin(alert, input.pageId, now), now);
    case 'answered':
      return answered(alert, input, now, terms);
    case 'late':
      return changed(alert, late(alert, input, now, terms), now);
    case 'connection-deleted':
      return changed(alert, drained(alert, input.connectionId, now), now);
    case 'read-back':
      return changed(alert, readBack(alert, input.read, now), now);
    case 'refused': {
      const { reduced, kept } = setAside(alert, input.held, input.detail, now);
      if (JSON.stringify(kept) === JSON.stringify(alert)) return { alert, effects: none };
      return { ...changed(alert, reduced, now), alert: kept.pages.length > 0 || kept.recoveredAt ? kept : undefined };
    }
    case 'restored': {
      const { alert: after, effects } = changed(alert, restored(alert, now), now);
      const call = after.pages.filter(workOf);
      return { alert: after, effects: { ...effects, call, publish: unreportedOutcomes(after) } };
    }
  }
}

function decided(alert: AlertState | undefined, input: CommandsRead, now: Date, terms: Terms): Stepped {
  const keepText: PageCommand[] = [];
  const publish: PendingOutcome[] = [];
  const deadLetter: RefusedCommand[] = [];
  let after = alert;
  let taken = 0;
  for (const received of input.received) {
    if (taken > 0 && after && after.pages.length > maxPagesUnwritten) break;
    const { state, events, refused } = decide(after, received, now, terms, input.refused);
    // Its ended pages take no room once their outcomes are published.
    const mayHaveRoom = !(input.isWritten && taken === 0) && state.pages.some(isEndedUnreported);
    if (refused?.reason === 'too-many-pages' && mayHaveRoom) break;
    // A refused page leaves no alert behind.
    if (refused) deadLetter.push({ received, refused });
    else after = state;
    const { command } = received;
    if (command.kind === 'page' && pageOf(state, command.pageId)?.status === 'pending') keepText.push(command);
    publish.push(...events);
    taken += 1;
  }
  const effects = after ? changed(alert, after, now).effects : none;
  const postpone = input.received.slice(taken);
  publish.push(...effects.publish);
  return { alert: after, effects: { ...effects, keepText, publish, deadLetter, postpone } };
}

function answered(alert: AlertState, { pageId, answer, ...input }: Answered, now: Date, terms: Terms): Stepped {
  const { alert: after, effects } = changed(alert, applyAnswer(alert, pageId, answer, now, terms.connectionOf), now);
  const page = pageOf(after, pageId);
  if (after === alert || answer.kind !== 'failed' || !page || workOf(page) !== input.callKind)
    return { alert: after, effects };
  const again = retried(after, page, answer.cause, prospectOf(page, terms));
  return { alert: after, effects: { ...effects, publish: [...effects.publish, again] } };
}

function late(alert: AlertState, { pageId, mayGiveUp }: Late, now: Date, terms: Terms): AlertState {
  const { connectionOf } = terms;
  const page = pageOf(alert, pageId);
  if (!page || !workOf(page)) return alert;
  const what = due(alert, page, connectionOf(page.connectionId), now, terms);
  if (what.kind === 'fail-over') return failOver(alert, pageId, connectionOf, now);
  if (what.kind === 'call') return alert;
  // A page that has become too old is not too old for its backup.
  if (!mayGiveUp) return what.reason === 'too-old' ? failOver(alert, pageId, connectionOf, now) : alert;
  return giveUp(alert, pageId, what.reason, what.detail, now, connectionOf);
}

function prospectOf(page: PageState, { maxAgeMs }: Terms): Prospect {
  const givenUpAt = momentText(instant(agesFrom(page)) + maxAgeMs);
  return { nextAttemptAt: page.nextAttemptAt, ...(givenUpAt ? { givenUpAt } : {}) };
}

/** Says what follows for each page that a step has touched. Nothing else compares an alert before and after. */
function changed(before: AlertState | undefined, after: AlertState, now: Date) {
  if (before === after) return { alert: after, effects: none };
  const [log, callOff, call, publish]: [Notice[], PageState[], PageState[], PendingOutcome[]] = [[], [], [], []];
  for (const [n, page] of after.pages.entries()) {
    if (page === before?.pages[n]) continue;
    const former = pageOf(before, page.pageId);
    const [formerWork, work] = [former && workOf(former), workOf(page)];
    if (formerWork && work !== formerWork) callOff.push(page);
    const listed = former?.replayedFrom === page.replayedFrom ? former && unreportedKinds(former) : undefined;
    for (const pending of unreportedOf(after, page))
      if (!listed?.includes(pending.outcome.outcome)) publish.push(pending);
    // A call to repeat is due again.
    const isDue = work !== formerWork || page.resolveAttempts !== former?.resolveAttempts;
    if (work && isDue) call.push(page);
    const kind = page.status === former?.status ? undefined : noticeAt(page);
    if (kind) log.push({ kind, alert: after, page });
    const first = former || !page.failoverOf ? undefined : pageOf(after, page.failoverOf.pageId);
    const cause = first && failoverCauseOf(first, now);
    if (first) log.push({ kind: 'fails-over', alert: after, page: first, backup: page, cause });
  }
  return { alert: after, effects: { ...none, log, callOff, call, publish } };
}

const none: Effects = { keepText: [], callOff: [], call: [], log: [], publish: [], deadLetter: [], postpone: [] };

function noticeAt({ status, possibleDuplicate }: PageState): 'given-up' | 'stays-open' | undefined {
  if (status === 'undeliverable') return 'given-up';
  return status === 'unresolved' || (status === 'superseded' && possibleDuplicate) ? 'stays-open' : undefined;
}

const isEndedUnreported = (page: PageState): boolean => isEnded(page) && unreportedKinds(page).length > 0;
