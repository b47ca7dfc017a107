import {
  type AlertState,
  isLater,
  laterRecord,
  maxJoined,
  type PageCommand,
  type PageState,
} from '@pagebridge/contracts';
import { reasonOf } from '@pagebridge/vocabulary';
import { eventTime, instant, textOf } from '../event-time.ts';
import { failoverGroupId, isSameFailoverGroup } from '../failover/failover-group.ts';
import { identityOf, type OutcomeEvent } from '../outcomes.ts';
import { agesFrom, isEnded, pageOf, recoveryOf, touched, triggerOf } from '../page.ts';
import { titleOf } from '../page-text.ts';
import type { Policy } from '../policy.ts';
import { superseded, undeliverable } from '../transitions.ts';
import { type Decision, type ReceivedCommand, recordOf } from './decision.ts';
import { isForSameTeam, isMoreUrgent, isOpen, joins, latestOpen } from './joining.ts';
import { isFlood, type Refused } from './refused.ts';
import { forcesNewPage, formerOutcomes, inheriting, isTakenUpAgain, without } from './replayed.ts';
import { roomFor, withNew } from './room.ts';

export function decidePage(
  state: AlertState,
  received: ReceivedCommand<PageCommand>,
  now: Date,
  policy: Policy,
  unlessRefused: Refused | undefined,
): Decision {
  const known = pageOf(state, received.command.pageId);
  if (!known) return decideUnknown(state, received, now, policy, unlessRefused);
  // The ledger has the page already: its outcome is published, or listed as unreported.
  if (!isTakenUpAgain(known, received.replay)) return { state, events: [] };
  const decision = decideUnknown(without(state, known), inheriting(received, known), now, policy, unlessRefused);
  return decision.refused
    ? { ...decision, state }
    : { ...decision, events: [...formerOutcomes(state, known), ...decision.events] };
}

function decideUnknown(
  state: AlertState,
  received: ReceivedCommand<PageCommand>,
  now: Date,
  policy: Policy,
  unlessRefused: Refused | undefined,
): Decision {
  const { command } = received;
  const host = forcesNewPage(received) ? undefined : state.pages.find((page) => page.joined.includes(command.pageId));
  // The outcome may not have been published before a crash. The repeated one has the same event id.
  if (host) return { state, events: [joined(received, host, now)] };
  const refuse = (refused: Refused): Decision => ({ state, events: [refusal(received, refused, now)], refused });
  if (unlessRefused && !isFlood(unlessRefused)) return refuse(unlessRefused);

  const happened = eventTime(command.occurredAt, now, state);
  const page = newPage(received, happened, now);
  if (isLater(recoveryOf(state), triggerOf(page))) {
    return { state: added(state, superseded(page, 'recovered', now), now), events: [] };
  }
  const open = latestOpen(state.pages, command);
  if (open && !forcesNewPage(received) && joins(open, command, happened.getTime(), policy.reopenAfterMs))
    return joinOpen(state, open, page, received, now);
  if (!open && isSilencedRepeat(state, received, now, policy)) return { state, events: [closedBefore(received, now)] };
  const aged = unlessTooOld(page, now, policy);
  const refused = (isEnded(aged) ? undefined : unlessRefused) ?? roomFor(state, aged, now);
  if (refused) return refuse(refused);
  // A page that is too old replaces no open page.
  const replaces = open && !isEnded(aged) && isMoreUrgent(open, command, happened.getTime());
  const cleared = replaces ? replaced(state, open, failoverGroupId(command), now) : state;
  return { state: added(cleared, aged, now), events: [] };
}

/**
 * Returns whether a repeat without news wakes nobody, because a responder closed the page of its firing shortly before. The
 * time of its record counts, since the time of a repeat is that of its firing.
 */
function isSilencedRepeat(
  state: AlertState,
  { command, time, replay }: ReceivedCommand<PageCommand>,
  now: Date,
  { reopenAfterMs }: Policy,
): boolean {
  if (command.transition !== 'renotified' || replay) return false;
  const last = state.pages.findLast((page) => page.status !== 'superseded' && isForSameTeam(page, command));
  if (last?.reason !== 'closed-there' || (command.urgency === 'high' && last.urgency === 'low')) return false;
  if (isLater(recoveryOf(state), triggerOf(last))) return false;
  // A command that is delivered again is decided alike.
  return Math.min(now.getTime(), instant(time)) - instant(last.endedAt ?? last.acceptedAt) < reopenAfterMs;
}

/** Returns the page, given up if its command is too old: then a later trigger does not join it. */
function unlessTooOld(page: PageState, now: Date, policy: Policy): PageState {
  const waitedMs = now.getTime() - instant(agesFrom(page));
  if (waitedMs < policy.maxAgeMs) return page;
  const detail = `The page command waited ${Math.round(waitedMs / 60_000)} minutes before page-delivery read it.`;
  return undeliverable(page, 'too-old', detail, now);
}

/** Lets a page join an open one, instead of being added. */
function joinOpen(
  state: AlertState,
  open: PageState,
  page: PageState,
  received: ReceivedCommand<PageCommand>,
  now: Date,
): Decision {
  const triggeredAt = instant(open.triggeredAt) < instant(page.triggeredAt) ? page.triggeredAt : open.triggeredAt;
  const triggerRecord = laterRecord(page.triggerRecord, open.triggerRecord);
  const joinedIds = [...open.joined, page.pageId].slice(-maxJoined);
  const joinedAt = agesFrom(page);
  // A page and its backup have the same latest trigger, so that a recovery ends both or neither, and neither ages before it. If
  // its record is in another partition than theirs, only the times order the page from now on.
  const pages = state.pages.map((known) => {
    if (!isSameFailoverGroup(known, open) || isEnded(known)) return known;
    const { triggerRecord: _former, ...rest } = known;
    const isYounger = !known.deliveredAt && instant(agesFrom(known)) < instant(joinedAt);
    const ages = isYounger ? { joinedAt } : {};
    const joined = known === open ? joinedIds : known.joined;
    return { ...rest, ...ages, joined, triggeredAt, ...(triggerRecord ? { triggerRecord } : {}) };
  });
  return { state: touched({ ...state, pages }, page.triggeredAt, now), events: [joined(received, open, now)] };
}

/** Replaces a less urgent page and its backup: a pending one at once, others when the urgent page is delivered. */
const replaced = (state: AlertState, low: PageState, by: string, now: Date): AlertState => ({
  ...state,
  pages: state.pages.map((page) => (isSameFailoverGroup(page, low) && isOpen(page) ? displaced(page, by, now) : page)),
});

function displaced(low: PageState, by: string, now: Date): PageState {
  if (low.status === 'pending') return superseded({ ...low, replacedBy: by }, 'replaced', now);
  return { ...low, replacedBy: by, ...(low.status === 'attempting' ? { ending: 'replaced' } : {}) };
}

function newPage(received: ReceivedCommand<PageCommand>, happened: Date, now: Date): PageState {
  const { command, time, traceparent, offset, replay } = received;
  const acceptedAt = textOf(now);
  const triggerRecord = recordOf(received);
  return {
    pageId: command.pageId,
    connectionId: command.connectionId,
    teamId: command.teamId,
    teamHandle: command.teamHandle,
    urgency: command.urgency,
    status: 'pending',
    alertEventId: command.alertEventId,
    occurredAt: command.occurredAt,
    triggeredAt: happened.toISOString(),
    ...(triggerRecord ? { triggerRecord } : {}),
    acceptedAt,
    attempts: 0,
    resolveAttempts: 0,
    nextAttemptAt: acceptedAt,
    possibleDuplicate: replay?.possibleDuplicate ?? false,
    joined: [],
    unreported: [],
    ...(replay ? { replayedFrom: replay.from } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(command.failover ? { failover: command.failover } : {}),
    ...(command.failoverOf ? { failoverOf: command.failoverOf } : {}),
    commandRecord: { offset, time },
    title: titleOf(command),
  };
}

const added = (state: AlertState, page: PageState, now: Date): AlertState =>
  touched({ ...state, pages: withNew(state.pages, page) }, page.triggeredAt, now);

const outcomeFieldsOf = (command: PageCommand, now: Date) => ({
  ...identityOf(command, command),
  at: textOf(now),
  attempts: 0,
  possibleDuplicate: false,
});

const joined = ({ command, traceparent }: ReceivedCommand<PageCommand>, host: PageState, now: Date): OutcomeEvent => ({
  outcome: { ...outcomeFieldsOf(command, now), outcome: 'joined', joinedPageId: host.pageId },
  traceparent,
});

const closedBefore = ({ command, traceparent }: ReceivedCommand<PageCommand>, now: Date): OutcomeEvent => ({
  outcome: {
    ...outcomeFieldsOf(command, now),
    outcome: 'superseded',
    reason: 'closed-there',
    detail: reasonOf('closed-there').cause,
  },
  traceparent,
});

const refusal = (
  { command, traceparent }: ReceivedCommand<PageCommand>,
  refused: Refused,
  now: Date,
): OutcomeEvent => ({
  outcome: { ...outcomeFieldsOf(command, now), outcome: 'undeliverable', ...refused },
  traceparent,
});
