import { type Share, shares } from '@pagebridge/contracts';
import { clockFor, type Hop, type JudgedEvent, wordsOfHops } from '@pagebridge/trace';
import { isBehind } from '../asked/extent.ts';
import type { Mention, MentionState } from '../rows/mention.entity.ts';
import type { StoredTrace } from '../traces/trace.service.ts';

const maxMessageLength = 20_000;
const maxSteps = 50;

interface Moment {
  readonly name: string;
  readonly at: string;
}

/** What whoever has a link may see of an alert and of one page. Times are RFC 3339. */
export interface Snapshot {
  readonly sourceOrg: string;
  readonly title: string;
  /** Undefined: the record of the alert is not kept any more. */
  readonly firing: { readonly since: string; readonly recoveredAt: string | undefined } | undefined;
  readonly page: {
    readonly team: string;
    readonly state: string;
    readonly moments: readonly Moment[];
    readonly possibleDuplicate: boolean;
  };
  readonly message: { readonly text: string; readonly isCut: boolean } | undefined;
  readonly tags: readonly string[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly steps: readonly { readonly at: string; readonly text: string }[];
  readonly asOf: string | undefined;
  readonly isBehind: boolean;
  readonly keptSince: string;
}

/** Returns what a share shows of a page, and nothing of other pages, handles and connections of its alert. */
export function snapshotOf(share: Exclude<Share, 'none'>, mention: Mention, trace: StoredTrace, now: Date): Snapshot {
  const shows = (part: Share) => shares.indexOf(share) >= shares.indexOf(part);
  const isAbout = ({ handles }: JudgedEvent) =>
    handles.some(({ pages }) => pages.some(({ pageId }) => pageId === mention.pageId));
  const at = trace.events.findIndex(isAbout);
  const alert = trace.events[at]?.alert?.alert;
  const recovery = at < 0 ? undefined : trace.events.slice(at + 1).find(({ isRecovery }) => isRecovery);
  const message = alert?.message.trim() ?? '';
  const text = { text: message.slice(0, maxMessageLength), isCut: message.length > maxMessageLength };
  const firing = alert && {
    since: alert.occurredAt,
    recoveredAt: recovery && (recovery.alert?.alert.occurredAt ?? recovery.at),
  };
  return {
    ...{ sourceOrg: mention.sourceOrg, title: (alert?.title ?? mention.title).trim() || 'Alert', firing },
    ...{ page: pageIn(mention), message: shows('text') && alert ? text : undefined },
    ...{ tags: shows('all') ? (alert?.tags ?? []) : [], links: shows('all') ? (alert?.links ?? []) : [] },
    steps: shows('all') ? stepsOf(mention, trace, now) : [],
    ...{ asOf: trace.asOf ?? undefined, isBehind: isBehind(trace, now), keptSince: trace.keptSince },
  };
}

const states: Readonly<Record<MentionState, string>> = {
  waiting: 'is waiting for its destination',
  unrouted: 'was not sent',
  late: 'was sent late',
  delivered: 'is open',
  joined: 'joined an open page of the team',
  undeliverable: 'was given up',
  resolved: 'is resolved',
  unresolved: 'could not be resolved, and may still be open',
  superseded: 'is no longer needed',
};

function pageIn(mention: Mention): Snapshot['page'] {
  const { teamHandle, state, at, acceptedAt, takenAt, closedThereAt, stateAt, possibleDuplicate } = mention;
  const moment = (name: string, time: Date | null) => (time === null ? [] : [{ name, at: time.toISOString() }]);
  const end = { resolved: 'Resolved', undeliverable: 'Given up', unresolved: 'Not resolved' }[state as string];
  return {
    team: teamHandle ?? '',
    state: closedThereAt ? 'was closed in the destination while the alert fired' : states[state],
    moments: [
      ...moment('Sent', at),
      ...moment('Accepted', acceptedAt),
      ...moment('Acknowledged', takenAt),
      ...moment('Closed in the destination', closedThereAt),
      ...(end === undefined || closedThereAt ? [] : moment(end, stateAt)),
    ],
    possibleDuplicate,
  };
}

/** Returns what became of the page, the last steps of it, without what tells of others. */
function stepsOf(mention: Mention, { hops, events }: StoredTrace, now: Date): Snapshot['steps'] {
  const words = wordsOfHops(events, clockFor(now));
  return hops
    .flatMap((hop) => ofPage(hop, mention) ?? [])
    .slice(-maxSteps)
    .map((hop) => ({ at: hop.at, text: words(hop) }));
}

// Why a page ended that another team or page has replaced.
const ofOthers: readonly (string | undefined)[] = ['replaced', 'failed-over', 'not-needed'];

function ofPage(hop: Hop, { pageId, connectionId }: Mention): Hop | undefined {
  const isIts = (its: { pageId: string; connectionId: string }) =>
    its.pageId === pageId && its.connectionId === connectionId;
  if (hop.kind === 'page' && isIts(hop.command)) {
    const { replayOf: _, command, ...rest } = hop;
    // How many others claim the handle.
    const { ambiguousWith: __, ...shown } = command;
    return { ...rest, command: shown };
  }
  if (hop.kind === 'outcome' && isIts(hop.outcome) && !ofOthers.includes(hop.outcome.reason)) {
    // It may name a proxy, or what else stands between.
    const { detail: _, ...outcome } = hop.outcome;
    return { ...hop, outcome };
  }
  return undefined;
}
