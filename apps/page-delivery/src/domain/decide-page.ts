import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import type { Decision, Taken } from './decision.ts';
import { eventTime, instant } from './event-time.ts';
import { isEnded, isOpen, pageOf } from './page.ts';
import { mostBytesTaken, mostEndedPages, mostJoined, mostLivePages, type Policy } from './policy.ts';
import { inheriting, isTakenUpAgain, owedBy, without } from './replayed.ts';
import type { Fact } from './report.ts';
import { superseded } from './transitions.ts';

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
  const host = state.pages.find((page) => page.joined.includes(command.pageId));
  // The first telling may have been lost with the process: this one has the same event id.
  if (host) return { state, facts: [joined(taken, host, now)] };

  const happened = eventTime(command.occurredAt, now, state);
  const page = newPage(state, taken, happened, now);
  if (state.recoveredAt && happened.getTime() < instant(state.recoveredAt)) {
    return { state: withNew(state, superseded(page, 'recovered', now), happened, now), facts: [] };
  }
  const open = latestOpen(state, command);
  if (open && joins(open, command, happened, policy)) return joinOpen(state, open, taken, happened, now);
  const refused = roomFor(state, page);
  if (refused) return { state, facts: [refusal(taken, refused.detail, now)], refused };
  const cleared = open && isRaised(open, command, happened) ? replaced(state, open, command.pageId, now) : state;
  return { state: withNew(cleared, page, happened, now), facts: [] };
}

// The page's own trigger, not those that joined: people are told again however often it re-triggers.
const pagedAt = (page: PageState): number => eventTime(page.occurredAt, new Date(page.acceptedAt)).getTime();

const latestOpen = (state: AlertState, command: PageCommand): PageState | undefined =>
  state.pages
    .filter((page) => page.connectionId === command.connectionId && page.teamId === command.teamId && isOpen(page))
    .toSorted((a, b) => pagedAt(a) - pagedAt(b))
    .at(-1);

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
  const pages = state.pages.map((page) => (page === open ? { ...open, triggeredAt, joined: everyone } : page));
  return { state: touched({ ...state, pages }, happened, now), facts: [joined(taken, open, now)] };
}

/** The less urgent page makes way: at once where nothing went out, else when the more urgent one has been delivered. */
function replaced(state: AlertState, low: PageState, by: string, now: Date): AlertState {
  const after: PageState =
    low.status === 'pending'
      ? superseded({ ...low, replacedBy: by }, 'replaced', now)
      : { ...low, replacedBy: by, ...(low.status === 'attempting' ? { ending: 'replaced' } : {}) };
  return { ...state, pages: state.pages.map((page) => (page === low ? after : page)) };
}

function newPage(state: AlertState, taken: Taken<PageCommand>, happened: Date, now: Date): PageState {
  const { command, id, source, time, traceparent, offset, replay } = taken;
  const { title, description, tags, links } = command;
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
    acceptedAt: now.toISOString(),
    attempts: 0,
    resolveAttempts: 0,
    nextAttemptAt: now.toISOString(),
    possibleDuplicate: replay?.possibleDuplicate ?? false,
    joined: [],
    unreported: [],
    ...(replay ? { replayedFrom: replay.from } : {}),
    ...(traceparent ? { traceparent } : {}),
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
  const said = JSON.stringify(content);
  const same = state.pages.find(
    (page) => page.alertEventId === alertEventId && page.content && JSON.stringify(page.content) === said,
  );
  return same?.content ?? content;
}

function withNew(state: AlertState, page: PageState, happened: Date, now: Date): AlertState {
  const surplus = state.pages
    .filter((known) => isEnded(known) && known.unreported.length === 0)
    .slice(0, -mostEndedPages);
  const pages = surplus.length > 0 ? state.pages.filter((known) => !surplus.includes(known)) : state.pages;
  return touched({ ...state, pages: [...pages, page] }, happened, now);
}

const touched = (state: AlertState, happened: Date, now: Date): AlertState => ({
  ...state,
  lastEventAt: instant(state.lastEventAt) < happened.getTime() ? happened.toISOString() : state.lastEventAt,
  updatedAt: now.toISOString(),
});

function roomFor(state: AlertState, page: PageState): Decision['refused'] {
  const live = [...state.pages.filter((known) => !isEnded(known)), page];
  if (live.length > mostLivePages) {
    return { reason: 'too-many-pages', detail: `The alert already has ${live.length - 1} pages that have not ended.` };
  }
  const contents = new Set(live.map((known) => known.content).filter((content) => content !== undefined));
  const pages = live.map(({ content: _content, ...rest }) => rest);
  const bytes = Buffer.byteLength(JSON.stringify([pages, [...contents]]));
  if (bytes <= mostBytesTaken) return undefined;
  return { reason: 'too-many-pages', detail: `With this page the alert would hold ${bytes} bytes.` };
}

const factOf = (command: PageCommand, now: Date) => ({
  sourceOrg: command.sourceOrg,
  alertKey: command.alertKey,
  alertEventId: command.alertEventId,
  pageId: command.pageId,
  connectionId: command.connectionId,
  teamHandle: command.teamHandle,
  at: now.toISOString(),
  attempts: 0,
  possibleDuplicate: false,
});

const joined = ({ command, traceparent }: Taken<PageCommand>, host: PageState, now: Date): Fact => ({
  outcome: { ...factOf(command, now), outcome: 'joined', joinedPageId: host.pageId },
  traceparent,
});

const refusal = ({ command, traceparent }: Taken<PageCommand>, detail: string, now: Date): Fact => ({
  outcome: { ...factOf(command, now), outcome: 'undeliverable', reason: 'too-many-pages', detail },
  traceparent,
});
