import { type AlertState, mostJoined, type PageCommand, type PageState } from '@pagebridge/contracts';
import type { Policy } from '../attempts/policy.ts';
import { eventTime, instant, textOf } from '../event-time.ts';
import { isEnded, isOpen, pageOf } from '../page.ts';
import type { Fact } from '../report.ts';
import { superseded } from '../transitions.ts';
import type { Decision, Taken } from './decision.ts';
import { inheriting, isTakenUpAgain, owedBy, pagesAnew, without } from './replayed.ts';
import { roomFor, withNew } from './room.ts';
import { isForSameTeam, isSameStory, storyId } from './story.ts';

export function decidePage(state: AlertState, taken: Taken<PageCommand>, now: Date, policy: Policy): Decision {
  const known = pageOf(state, taken.command.pageId);
  if (!known) return decideUnknown(state, taken, now, policy);
  // Known means that the ledger has it: its outcome is written, or owed by the page itself.
  if (!isTakenUpAgain(known, taken.replay)) return { state, facts: [] };
  const decision = decideUnknown(without(state, known), inheriting(taken, known), now, policy);
  return decision.refused
    ? { ...decision, state }
    : { ...decision, facts: [...owedBy(state, known), ...decision.facts] };
}

function decideUnknown(state: AlertState, taken: Taken<PageCommand>, now: Date, policy: Policy): Decision {
  const { command } = taken;
  const host = pagesAnew(taken) ? undefined : state.pages.find((page) => page.joined.includes(command.pageId));
  // The first telling may have been lost with the process: this one has the same event id.
  if (host) return { state, facts: [joined(taken, host, now)] };

  const happened = eventTime(command.occurredAt, now, state);
  const page = newPage(state, taken, happened, now);
  if (state.recoveredAt && happened.getTime() < instant(state.recoveredAt)) {
    return { state: added(state, superseded(page, 'recovered', now), now), facts: [] };
  }
  const open = latestOpen(state, command);
  if (open && !pagesAnew(taken) && joins(open, command, happened, policy))
    return joinOpen(state, open, taken, happened, now);
  const refused = roomFor(state, page, now);
  if (refused) return { state, facts: [refusal(taken, refused.detail, now)], refused };
  const cleared = open && isRaised(open, command, happened) ? replaced(state, open, storyId(command), now) : state;
  return { state: added(cleared, page, now), facts: [] };
}

// The page's own trigger, not those that joined: people are told again however often it re-triggers.
const pagedAt = (page: PageState): number => eventTime(page.occurredAt, new Date(page.acceptedAt)).getTime();

/** The open page for the team that the command means; of one that failed over and its backup, the one that failed over. */
const latestOpen = (state: AlertState, command: PageCommand): PageState | undefined =>
  state.pages
    .filter((page) => isOpen(page) && isForSameTeam(page, command) && !isRacing(page, command))
    .toSorted((a, b) => pagedAt(a) - pagedAt(b) || (a.failoverOf ? -1 : 1))
    .at(-1);

// A replayed page, or a replayed backup, is tried beside the other as it was before, until one of them is accepted.
const isRacing = (page: PageState, command: PageCommand): boolean =>
  isSameStory(page, command) && page.status !== 'delivered';

// A late, urgent trigger does not override a younger warning: the younger one knew better.
const isRaised = (open: PageState, command: PageCommand, happened: Date): boolean =>
  command.urgency === 'high' && open.urgency === 'low' && happened.getTime() >= instant(open.triggeredAt);

function joins(open: PageState, command: PageCommand, happened: Date, policy: Policy): boolean {
  if (isRaised(open, command, happened)) return false;
  // A page that has not gone out yet will tell people as well as a new one would, however old it is.
  if (open.status !== 'delivered') return true;
  return happened.getTime() - pagedAt(open) < policy.reopenAfterMs;
}

function joinOpen(state: AlertState, open: PageState, taken: Taken<PageCommand>, happened: Date, now: Date): Decision {
  const triggeredAt = instant(open.triggeredAt) < happened.getTime() ? happened.toISOString() : open.triggeredAt;
  const everyone = [...open.joined, taken.command.pageId].slice(-mostJoined);
  // A page and its backup stand for the same triggers, so that a recovery ends both or neither.
  const pages = state.pages.map((page) => {
    if (page === open) return { ...open, triggeredAt, joined: everyone };
    return isSameStory(page, open) && !isEnded(page) ? { ...page, triggeredAt } : page;
  });
  return { state: touched({ ...state, pages }, happened.toISOString(), now), facts: [joined(taken, open, now)] };
}

/** The less urgent page and its backup make way: at once where nothing went out, else when the more urgent one arrived. */
const replaced = (state: AlertState, low: PageState, by: string, now: Date): AlertState => ({
  ...state,
  pages: state.pages.map((page) => (isSameStory(page, low) && isOpen(page) ? makingWay(page, by, now) : page)),
});

function makingWay(low: PageState, by: string, now: Date): PageState {
  if (low.status === 'pending') return superseded({ ...low, replacedBy: by }, 'replaced', now);
  return { ...low, replacedBy: by, ...(low.status === 'attempting' ? { ending: 'replaced' } : {}) };
}

function newPage(state: AlertState, taken: Taken<PageCommand>, happened: Date, now: Date): PageState {
  const { command, id, source, time, traceparent, offset, replay } = taken;
  const { title, description, tags, links } = command;
  const acceptedAt = textOf(now);
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
    content: sharedContent(state, command.alertEventId, { title, description, tags, links }),
    command: {
      id,
      source,
      time,
      offset,
      transition: command.transition,
      handle: command.handle,
      matched: command.matched,
      ...(command.ambiguousWith ? { ambiguousWith: command.ambiguousWith } : {}),
    },
  };
}

// One event pages many teams with the same words: they are held, and written, once.
function sharedContent(state: AlertState, alertEventId: string, content: NonNullable<PageState['content']>) {
  const known = state.pages.filter((page) => page.alertEventId === alertEventId && page.content);
  if (known.length === 0) return content;
  const said = JSON.stringify(content);
  return known.find((page) => JSON.stringify(page.content) === said)?.content ?? content;
}

const added = (state: AlertState, page: PageState, now: Date): AlertState =>
  touched({ ...state, pages: withNew(state.pages, page) }, page.triggeredAt, now);

const touched = (state: AlertState, happened: string, now: Date): AlertState => ({
  ...state,
  lastEventAt: instant(state.lastEventAt) < instant(happened) ? happened : state.lastEventAt,
  updatedAt: textOf(now),
});

const factOf = (command: PageCommand, now: Date) => ({
  sourceOrg: command.sourceOrg,
  alertKey: command.alertKey,
  alertEventId: command.alertEventId,
  pageId: command.pageId,
  connectionId: command.connectionId,
  teamHandle: command.teamHandle,
  at: textOf(now),
  attempts: 0,
  possibleDuplicate: false,
  ...(command.failoverOf ? { failoverOf: command.failoverOf } : {}),
});

const joined = ({ command, traceparent }: Taken<PageCommand>, host: PageState, now: Date): Fact => ({
  outcome: { ...factOf(command, now), outcome: 'joined', joinedPageId: host.pageId },
  traceparent,
});

const refusal = ({ command, traceparent }: Taken<PageCommand>, detail: string, now: Date): Fact => ({
  outcome: { ...factOf(command, now), outcome: 'undeliverable', reason: 'too-many-pages', detail },
  traceparent,
});
