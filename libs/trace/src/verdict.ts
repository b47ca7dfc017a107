import type { PageOutcome, PageStatus } from '@pagebridge/contracts';
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
      readonly end: { readonly kind: 'resolved' | 'unresolved'; readonly at: string } | undefined;
    }
  | {
      readonly kind: 'waiting';
      readonly since: string;
      readonly why: string;
      /** The connection over which it goes; undefined before it is routed. */
      readonly connectionId?: string;
      /** Set while the keys of the connection are refused. */
      readonly refused?: { readonly missingPermission?: string | undefined };
      readonly nextAt: string | undefined;
      readonly givenUpAt: string | undefined;
    }
  /** `late`: it pages if it becomes known before this time. */
  | { readonly kind: 'not-paged'; readonly team?: string; readonly why: string; readonly late?: string | undefined }
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

/** The connections whose credential is refused now, with the report. */
export type Faults = ReadonlyMap<string, Extract<Hop, { kind: 'report' }>>;

/** A service that has not read a record yet, as its committed position says. */
export interface Lag {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset that it reads. */
  readonly position: number;
}

/** What verdicts depend on beside the records. */
export interface Circumstances {
  readonly faults: Faults;
  readonly lags: readonly Lag[];
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
  if (letter) return { kind: 'not-paged', why: `the alert is a dead letter, ${letter.reason}. ${letter.detail}` };
  if (event.handles.some((other) => other.pages.length > 0)) return { kind: 'shared' };
  const lag = event.alert && lagOf(event.alert, its.lags);
  const why = lag ?? 'page-routing has written nothing about it';
  return { kind: 'waiting', since: event.at, why, nextAt: undefined, givenUpAt: undefined };
}

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
    const why = `it joined page ${joinedPageId}, of which nothing is kept any more`;
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
  if (ended) return { kind: 'not-paged', team: teamOf(page), why: whyEnded(ended) };
  if (state && !isOpen) {
    return { kind: 'not-paged', team: teamOf(page), why: state.lastError ?? state.reason ?? state.status };
  }
  const letter = page.deadLetters.at(-1)?.letter;
  if (letter && !isOpen) {
    return {
      kind: 'not-paged',
      team: teamOf(page),
      why: `its command is a dead letter, ${letter.reason}. ${letter.detail}`,
    };
  }
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
    end: end && { kind: end.outcome === 'resolved' ? 'resolved' : 'unresolved', at: end.at },
  };
}

const whyEnded = ({ outcome, detail, reason, attempts }: PageOutcome): string =>
  outcome === 'superseded'
    ? (detail ?? `it was not needed any more (${reason})`)
    : `given up after ${attempts} attempts: ${detail ?? reason}`;

function waiting(page: PageStory, last: PageOutcome | undefined, its: Context): Verdict {
  const { state, lastCommand, connectionId, connection } = page;
  const name = connection?.name ?? `connection ${connectionId}`;
  const fault = its.faults.get(connectionId)?.report;
  const unread = lastCommand && lagOf(lastCommand, its.lags);
  const uncalled = state ? `${name} was not called for it yet` : 'page-delivery has written nothing about its command';
  const cause = last ? `${name} ${causeOf(last)}` : (unread ?? uncalled);
  return {
    kind: 'waiting',
    since: lastCommand?.at ?? its.event.at,
    connectionId,
    ...(fault?.kind === 'credential-fault'
      ? { why: `${name} ${refusal(fault)}`, refused: { missingPermission: fault.missingPermission } }
      : { why: cause }),
    nextAt: last?.nextAttemptAt,
    givenUpAt: last?.givenUpAt,
  };
}

const refusal = ({ unopenable, missingPermission }: { unopenable?: boolean; missingPermission?: string }): string => {
  if (unopenable) return 'cannot be called, because its keys cannot be opened';
  return missingPermission === undefined ? 'refuses the keys' : `refuses the keys, which lack ${missingPermission}`;
};

const causes: Readonly<Record<string, string>> = {
  timeout: 'does not answer',
  network: 'cannot be reached',
  'rate-limited': 'limits the calls',
  'not-found': 'does not know the page yet',
  server: 'answers with errors',
  redirect: 'redirects the call',
  'bad-answer': 'accepts pages without naming them',
  credential: 'refuses the keys',
  forbidden: 'refuses this page or its keys',
  'answer-lost': 'was called, and the answer was lost',
};
const causeOf = ({ reason = '', detail }: PageOutcome): string => causes[reason] ?? `fails: ${detail ?? reason}`;

function ofUnrouted({ unrouted }: Extract<Hop, { kind: 'unrouted' }>, { now, hasRecovered }: Context): Verdict {
  const { detail, waitingUntil, reason, handle, nearest } = unrouted;
  const isLate = !hasRecovered && waitingUntil !== undefined && Date.parse(waitingUntil) > now.getTime();
  const unknown = `no team has the handle ${handle}${nearest ? `; nearest ${nearest.handle}` : ''}`;
  return {
    kind: 'not-paged',
    why: reason === 'unknown-handle' ? unknown : detail,
    ...(isLate ? { late: waitingUntil } : {}),
  };
}

/** Returns which service has not read a record, and how far it is behind. */
function lagOf({ topic, partition, offset }: Hop, lags: readonly Lag[]): string | undefined {
  const lag = lags.find((one) => one.topic === topic && one.partition === partition && one.position <= offset);
  return lag && `${lag.service} has not read it, it is ${offset - lag.position + 1} records of ${topic} behind`;
}

const teamOf = ({ teamHandle, connection, connectionId }: PageStory): string =>
  `${teamHandle} (${connection?.slug ?? connectionId})`;
