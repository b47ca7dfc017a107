import type { Connection, PageOutcome } from '@pagebridge/contracts';
import type { Hop } from './hop.ts';
import { type EventStory, type HandleStory, type PageStory, pagesOf } from './story.ts';

/** What became of a page, or of a handle that has none. Times are RFC 3339. */
export type Verdict =
  | {
      readonly kind: 'paged';
      readonly at: string;
      /** From the alert in Kafka to the answer of the destination. */
      readonly afterMs: number | undefined;
      readonly destinationPageId: string | undefined;
      readonly possibleDuplicate: boolean;
      /** Whether an earlier event of the alert had paged already, and this one joined that page. */
      readonly joined: boolean;
      readonly end: { readonly kind: 'resolved' | 'unresolved'; readonly at: string } | undefined;
    }
  | {
      readonly kind: 'waiting';
      readonly since: string;
      readonly why: string;
      readonly nextAt: string | undefined;
      readonly givenUpAt: string | undefined;
    }
  /** `late`: it pages if it becomes known before this time. */
  | { readonly kind: 'not-paged'; readonly why: string; readonly late: string | undefined }
  | { readonly kind: 'shared' };

/** A handle with what became of it; `decidedBy` is the page that reached most. */
export interface JudgedHandle extends HandleStory {
  readonly verdict: Verdict;
  readonly decidedBy: string | undefined;
}

export interface JudgedEvent extends EventStory {
  readonly handles: readonly JudgedHandle[];
}

/** Returns the events of an alert with what became of their handles. */
export function judged(events: readonly EventStory[], faults: Faults, now: Date): JudgedEvent[] {
  const pages = new Map(pagesOf(events).map((page) => [page.pageId, page]));
  const lastRecovery = events.findLastIndex(isRecovery);
  return events.map((event, index) => {
    const its = { faults, now, pages, hasRecovered: index < lastRecovery };
    return { ...event, handles: event.handles.map((handle) => ({ ...handle, ...judge(handle, event, its) })) };
  });
}

const isRecovery = ({ alert, resolve }: EventStory): boolean =>
  resolve !== undefined || alert?.alert.transition === 'recovered';

function judge(story: HandleStory, event: EventStory, its: Circumstances): Omit<JudgedHandle, keyof HandleStory> {
  const [best] = story.pages
    .map((page) => ({ decidedBy: page.pageId, verdict: ofPage(page, event, its) }))
    .toSorted((a, b) => rank(a.verdict) - rank(b.verdict));
  if (best) return best;
  return { decidedBy: undefined, verdict: story.unrouted ? ofUnrouted(story.unrouted, its) : { kind: 'shared' } };
}

const ranks: readonly Verdict['kind'][] = ['paged', 'waiting', 'not-paged', 'shared'];
const rank = ({ kind }: Verdict): number => ranks.indexOf(kind);

/** The connections whose credential is refused now, with the report. */
export type Faults = ReadonlyMap<string, Extract<Hop, { kind: 'report' }>>;

/** What a verdict depends on beside the handle. */
interface Circumstances {
  readonly faults: Faults;
  /** The pages of all events of the alert, by id. */
  readonly pages: ReadonlyMap<string, PageStory>;
  /** Whether the alert has recovered since. */
  readonly hasRecovered: boolean;
  readonly now: Date;
}

function ofPage(page: PageStory, event: EventStory, its: Circumstances): Verdict {
  const outcomes = page.outcomes.map(({ outcome }) => outcome);
  const delivered = outcomes.findLast(({ outcome }) => outcome === 'delivered');
  if (delivered) {
    const end = outcomes.findLast(({ outcome }) => outcome === 'resolved' || outcome === 'unresolved');
    const from = event.alert?.at ?? page.command?.at;
    return {
      kind: 'paged',
      at: delivered.at,
      afterMs: from === undefined ? undefined : Math.max(0, Date.parse(delivered.at) - Date.parse(from)),
      destinationPageId: delivered.destinationPageId,
      possibleDuplicate: delivered.possibleDuplicate,
      joined: false,
      end: end && { kind: end.outcome === 'resolved' ? 'resolved' : 'unresolved', at: end.at },
    };
  }
  const joined = outcomes.findLast(({ outcome }) => outcome === 'joined');
  if (joined) return ofJoined(joined, page, event, its);
  const ended = outcomes.findLast(({ outcome }) => outcome === 'undeliverable' || outcome === 'superseded');
  const isOver =
    page.state === undefined || page.state.status === 'undeliverable' || page.state.status === 'superseded';
  if (ended && isOver) return { kind: 'not-paged', why: whyEnded(ended), late: undefined };
  return waiting(
    page,
    outcomes.findLast(({ outcome }) => outcome === 'retried'),
    event,
    its.faults,
  );
}

/** A page that joined another shares its fate. */
function ofJoined({ joinedPageId, at }: PageOutcome, page: PageStory, event: EventStory, its: Circumstances): Verdict {
  const other = joinedPageId === page.pageId ? undefined : its.pages.get(joinedPageId ?? '');
  const isItself = other?.outcomes.some(({ outcome }) => outcome.outcome === 'joined');
  const verdict = other && !isItself ? ofPage(other, event, its) : undefined;
  if (verdict) return verdict.kind === 'paged' ? { ...verdict, joined: true } : verdict;
  // The page that it joined is older than what is kept.
  const unknown = { afterMs: undefined, destinationPageId: undefined, possibleDuplicate: false, end: undefined };
  return { kind: 'paged', at, ...unknown, joined: true };
}

const whyEnded = ({ outcome, detail, reason, attempts }: PageOutcome): string =>
  outcome === 'superseded'
    ? (detail ?? `it was not needed any more (${reason})`)
    : `given up after ${attempts} attempts: ${detail ?? reason}`;

function waiting(page: PageStory, last: PageOutcome | undefined, event: EventStory, faults: Faults): Verdict {
  const { state, command, connectionId, connection } = page;
  const name = nameOf(connection, connectionId);
  const fault = faults.get(connectionId)?.report;
  const isRefused = fault?.kind === 'credential-fault';
  return {
    kind: 'waiting',
    since: command?.at ?? event.at,
    why: isRefused ? `${name} ${refusal(fault)}` : `${name} ${last ? causeOf(last) : notCalled(state !== undefined)}`,
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
  server: 'answers with errors',
  redirect: 'redirects the call',
  'bad-answer': 'accepts pages without naming them',
  credential: 'refuses the keys',
  forbidden: 'refuses this page or its keys',
  'answer-lost': 'was called, and the answer was lost',
};
const causeOf = ({ reason = '', detail }: PageOutcome): string => causes[reason] ?? `fails: ${detail ?? reason}`;

const notCalled = (isInLedger: boolean): string =>
  isInLedger ? 'was not called for it yet' : 'was not called: page-delivery has not read the command';

function ofUnrouted({ unrouted }: Extract<Hop, { kind: 'unrouted' }>, { now, hasRecovered }: Circumstances): Verdict {
  const { detail, waitingUntil } = unrouted;
  const isLate = !hasRecovered && waitingUntil !== undefined && Date.parse(waitingUntil) > now.getTime();
  return { kind: 'not-paged', why: detail, late: isLate ? waitingUntil : undefined };
}

/** Returns the name of a connection, or its id if its record is gone. */
const nameOf = (connection: Connection | undefined, connectionId: string): string =>
  connection?.name ?? `connection ${connectionId}`;
