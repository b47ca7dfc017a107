import type { PageOutcome, PageStatus } from '@pagebridge/contracts';
import { cureOfLetter, reasonOf } from '@pagebridge/vocabulary';
import { type Cause, type Credentials, causeOf, hasRead, type Lag, lagOf } from './cause.ts';
import type { Hop } from './hop.ts';
import { type EventStory, type HandleStory, type PageStory, pagesIn } from './story.ts';

/** What became of a handle. Times are RFC 3339; `team` names the team and its connection. */
export type Verdict =
  | {
      readonly kind: 'paged';
      readonly team: string;
      readonly at: string | undefined;
      /** From the alert in Kafka to the answer of the destination. */
      readonly afterMs: number | undefined;
      readonly destinationPageId: string | undefined;
      readonly possibleDuplicate: boolean;
      /** Whether the page is a backup. */
      readonly isBackup: boolean;
      /** Whether an earlier event of the alert had made the page, and this one joined it. */
      readonly joined: boolean;
      /** When a responder took it, as the destination says, and when that became known. */
      readonly taken: { readonly at: string; readonly knownAt: string } | undefined;
      /** `fires`: a responder closed it while its alert fires. */
      readonly end:
        | { readonly kind: 'resolved' | 'unresolved' | 'closed-there'; readonly at: string; readonly fires?: true }
        | undefined;
    }
  | (Cause & {
      readonly kind: 'waiting';
      readonly since: string;
      /** The connection over which it goes; undefined before it is routed. */
      readonly connectionId?: string;
      readonly nextAt: string | undefined;
      readonly givenUpAt: string | undefined;
    })
  /** `late`: it pages if it becomes known before this time. */
  | {
      readonly kind: 'not-paged';
      readonly team?: string;
      readonly why: string;
      readonly cure?: string | undefined;
      readonly late?: string | undefined;
    }
  /** The records that say it are missing. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Another handle of the event pages the same team. */
  | { readonly kind: 'shared' };

type Paged = Extract<Verdict, { kind: 'paged' }>;

/** A handle with what became of it. */
export interface JudgedHandle extends HandleStory {
  readonly verdict: Verdict;
}

export interface JudgedEvent extends EventStory {
  readonly handles: readonly JudgedHandle[];
}

/** What verdicts depend on beside the records. */
export interface Circumstances {
  readonly credentials: Credentials;
  readonly lags: readonly Lag[];
  /** Whether what page-routing wrote about the alert may be missing. */
  readonly mayLackRouting: boolean;
  readonly now: Date;
}

interface Context extends Circumstances {
  readonly event: EventStory;
  readonly pages: ReadonlyMap<string, PageStory>;
  /** Each page and its backups, by the id of the page. */
  readonly groups: ReadonlyMap<string, readonly PageStory[]>;
  /** Whether the alert has recovered since. */
  readonly hasRecovered: boolean;
}

/** Returns the events of an alert with what became of their handles. */
export function judged(events: readonly EventStory[], its: Circumstances): JudgedEvent[] {
  const pages = pagesIn(events);
  const groups = Map.groupBy(pages.values(), (page) => page.backs ?? page.pageId);
  const lastRecovery = events.findLastIndex(({ isRecovery }) => isRecovery);
  return events.map((event, index) => {
    const context = { ...its, event, pages, groups, hasRecovered: index < lastRecovery };
    return { ...event, handles: event.handles.map((handle) => ({ ...handle, verdict: ofHandle(handle, context) })) };
  });
}

function ofHandle({ pages, unrouted }: HandleStory, its: Context): Verdict {
  if (pages.length > 0) return best(pages.map((page) => ofPage(page, its)));
  if (unrouted) return ofUnrouted(unrouted, its);
  const { event } = its;
  const letter = event.deadLetters.at(-1)?.letter;
  if (letter) return notPaged(`the alert is a dead letter (${letter.reason}). ${letter.detail}`, letter.reason);
  const isRead = event.alert !== undefined && hasRead(event.alert, its.lags);
  const hasOther = event.handles.some((other) => other.pages.length > 0);
  if (its.mayLackRouting && (isRead || hasOther))
    return { kind: 'unknown', why: 'records of page-routing may be missing in this trace' };
  if (hasOther) return { kind: 'shared' };
  if (isRead) {
    const why = 'page-routing read the alert but wrote no result, as when it parks a whole batch';
    return { kind: 'not-paged', why, cure: 'Look for dead letters without a key in the same partition.' };
  }
  const lag = event.alert && lagOf(event.alert, its.lags);
  const why = lag ?? 'page-routing has not written a result yet';
  return { kind: 'waiting', since: event.at, why, nextAt: undefined, givenUpAt: undefined };
}

const notPaged = (why: string, reason: string, page?: PageStory): Verdict => ({
  kind: 'not-paged',
  ...(page ? { team: teamOf(page) } : {}),
  why,
  cure: cureOfLetter(reason),
});

/** Returns the verdict that reached most: an open page before one that has ended. */
function best(verdicts: readonly Verdict[]): Verdict {
  const rank = (verdict: Verdict): number => {
    if (verdict.kind === 'paged') return verdict.end ? 1 : 0;
    return verdict.kind === 'waiting' ? 2 : 3;
  };
  return verdicts.toSorted((a, b) => rank(a) - rank(b))[0] ?? { kind: 'shared' };
}

function ofPage(page: PageStory, its: Context): Verdict {
  const standing = lastOf(page, 'resolved', 'unresolved') ?? lastOf(page, 'delivered', 'joined');
  return standing?.outcome === 'joined' ? ofJoined(standing, page, its) : ofOwn(page, its);
}

const lastOf = ({ outcomes }: PageStory, ...kinds: PageOutcome['outcome'][]): PageOutcome | undefined =>
  outcomes.findLast(({ outcome }) => kinds.includes(outcome.outcome))?.outcome;

/** A page that joined another shares the fate of that one and of its backups. */
function ofJoined({ joinedPageId = '' }: PageOutcome, page: PageStory, its: Context): Verdict {
  const host = its.pages.get(joinedPageId);
  const group = (host && its.groups.get(host.backs ?? host.pageId)) ?? [];
  const others = group.filter(({ pageId }) => pageId !== page.pageId);
  if (others.length === 0) {
    const why = `it joined page ${joinedPageId}, whose records have expired`;
    return { kind: 'not-paged', team: teamOf(page), why };
  }
  const verdict = best(others.map((other) => ofOwn(other, its)));
  return verdict.kind === 'paged' ? { ...verdict, afterMs: undefined, joined: true } : verdict;
}

const accepted: readonly PageStatus[] = ['delivered', 'resolving', 'resolved', 'unresolved'];

function ofOwn(page: PageStory, its: Context): Verdict {
  const delivered = lastOf(page, 'delivered');
  const end = lastOf(page, 'resolved', 'unresolved');
  const { state } = page;
  if (delivered || end || (state && accepted.includes(state.status))) return paged(page, delivered, end, its);
  const isOpen = state?.status === 'pending' || state?.status === 'attempting';
  const ended = lastOf(page, 'undeliverable', 'superseded');
  if (ended?.outcome === 'superseded') return { kind: 'not-paged', team: teamOf(page), why: whyEnded(ended) };
  if (ended) return notPaged(whyEnded(ended), ended.reason ?? 'unknown', page);
  if (state && !isOpen) {
    return { kind: 'not-paged', team: teamOf(page), why: state.lastError ?? state.reason ?? state.status };
  }
  const letter = page.deadLetters.at(-1)?.letter;
  if (letter && !isOpen)
    return notPaged(`its command is a dead letter (${letter.reason}). ${letter.detail}`, letter.reason, page);
  return waiting(page, lastOf(page, 'retried'), its);
}

function paged(page: PageStory, delivered: PageOutcome | undefined, end: PageOutcome | undefined, its: Context): Paged {
  const { state, command, backs } = page;
  const at = delivered?.at ?? state?.deliveredAt;
  const from = its.event.alert?.at ?? command?.at;
  return {
    kind: 'paged',
    team: teamOf(page),
    at,
    afterMs: from === undefined || at === undefined ? undefined : Math.max(0, Date.parse(at) - Date.parse(from)),
    destinationPageId: delivered?.destinationPageId ?? state?.destinationPageId,
    possibleDuplicate: delivered?.possibleDuplicate ?? state?.possibleDuplicate ?? false,
    isBackup: backs !== undefined,
    joined: false,
    taken: takenOf(page),
    end: end && endOf(end, its),
  };
}

/** Returns when a responder took the page; the state of the ledger does not say when that became known. */
function takenOf({ outcomes, state }: PageStory): Paged['taken'] {
  const taken = outcomes.find(({ outcome }) => outcome.outcome === 'acknowledged');
  if (taken) return { at: taken.outcome.at, knownAt: taken.at };
  return state?.acknowledged && { at: state.acknowledged.at, knownAt: state.acknowledged.at };
}

function endOf({ outcome, reason, at }: PageOutcome, { hasRecovered }: Context): NonNullable<Paged['end']> {
  if (outcome === 'unresolved') return { kind: 'unresolved', at };
  if (reason !== 'closed-there') return { kind: 'resolved', at };
  return { kind: 'closed-there', at, ...(hasRecovered ? {} : { fires: true }) };
}

const whyEnded = ({ outcome, detail, reason, attempts }: PageOutcome): string =>
  outcome === 'superseded'
    ? (detail ?? `it was no longer needed (${reason})`)
    : `given up after ${attempts} attempts: ${detail ?? reason}`;

function waiting(page: PageStory, last: PageOutcome | undefined, its: Context): Verdict {
  const { lastCommand, connectionId } = page;
  return {
    ...{ kind: 'waiting', since: lastCommand?.at ?? its.event.at, connectionId },
    ...causeOf(page, last, its),
    ...{ nextAt: last?.nextAttemptAt, givenUpAt: last?.givenUpAt },
  };
}

function ofUnrouted({ unrouted }: Extract<Hop, { kind: 'unrouted' }>, { now, hasRecovered }: Context): Verdict {
  const { detail, waitingUntil, reason, handle, nearest } = unrouted;
  const isLate = !hasRecovered && waitingUntil !== undefined && Date.parse(waitingUntil) > now.getTime();
  const unknown = `no team has the handle ${handle}${nearest ? `; nearest ${nearest.handle}` : ''}`;
  return {
    kind: 'not-paged',
    ...(reason === 'unknown-handle' ? { why: unknown, cure: reasonOf(reason).cure } : { why: detail }),
    ...(isLate ? { late: waitingUntil } : {}),
  };
}

const teamOf = ({ teamHandle, connection, connectionId }: PageStory): string =>
  `${teamHandle} (${connection?.slug ?? connectionId})`;
