import type { ListedOutcome, PageCommand, PageOutcome, UnroutedHandle } from '@pagebridge/contracts';
import type { Hop } from '@pagebridge/trace';
import type { Mention, MentionState } from '../rows/mention.entity.ts';
import { type Firing, ofFiring, ofHandle, ofPage } from './digests.ts';
import type { DeadCommand, RecordRow } from './record-row.ts';

/** What a record changes in a mention. The changes of several topics lead to the same row in any order. */
export interface MentionChange {
  readonly id: string;
  /** Whether the mention may be days older than the record. */
  readonly mayBeOld?: boolean;
  apply(mention: Mention | undefined): Mention;
}

/** Returns what a record changes. */
export const changesOf = (row: RecordRow): MentionChange[] =>
  saidOf(row).map(({ apply, ...its }) => ({
    ...its,
    apply: (mention) => ({ ...apply(mention), at: mention && mention.at < row.at ? mention.at : row.at }),
  }));

function saidOf({ hop, at, day, deadCommand }: RecordRow): MentionChange[] {
  const place = { at, day };
  switch (hop?.kind) {
    case 'page':
      return ofCommand(hop, place);
    case 'unrouted':
      return [{ id: ofHandle(hop.unrouted), apply: (mention) => unrouted(mention, hop.unrouted, place) }];
    case 'outcome': {
      const { outcome } = hop;
      return [{ id: ofPage(outcome), mayBeOld: true, apply: (mention) => told(mention, outcome, place) }];
    }
    case 'dead-letter':
      return deadCommand ? [ofDeadCommand(deadCommand, hop, place)] : [];
    default:
      return [];
  }
}

type Place = Pick<Mention, 'at' | 'day'>;

function ofCommand({ command, replayOf }: Extract<Hop, { kind: 'page' }>, place: Place): MentionChange[] {
  const page: MentionChange = {
    id: ofPage(command),
    mayBeOld: replayOf !== undefined,
    apply: (mention) => {
      const known = commanded(mention, command, place);
      // A replay begins anew what an earlier outcome has ended.
      const isNew = replayOf !== undefined && isAfter(place.at, known.replayedAt) && isAfter(place.at, known.stateAt);
      return isNew ? { ...known, ...anew, replayedAt: place.at } : known;
    },
  };
  if (!command.tags?.includes('late')) return [page];
  const handle = { id: ofHandle(command), apply: (mention: Mention | undefined) => late(mention, command, place) };
  return [page, handle];
}

function ofDeadCommand(command: DeadCommand, { letter }: Extract<Hop, { kind: 'dead-letter' }>, place: Place) {
  const { reason, detail } = letter;
  return {
    id: ofPage(command),
    mayBeOld: true,
    apply: (mention: Mention | undefined): Mention => {
      const known = commanded(mention, command, place);
      const isOpen = known.state === 'waiting' && isAfter(place.at, known.replayedAt);
      const told = { reason: cut(reason, 64), detail: cut(detail, 1024) };
      return isOpen ? { ...known, ...told, state: 'undeliverable', stateAt: place.at } : known;
    },
  };
}

const isAfter = (at: Date, time: Date | null): boolean => time === null || at > time;

function commanded(mention: Mention | undefined, command: PageCommand, place: Place): Mention {
  const { title, handle, urgency, sourceOrg, pageId, failoverOf } = command;
  const firing = failoverOf ? ofPage({ sourceOrg, pageId: failoverOf.pageId }) : ofFiring(command);
  if (mention) return mention.handle === '' ? { ...mention, firing, title, handle, urgency } : mention;
  const { connectionId, teamHandle } = command;
  const its = { firing, urgency, pageId, connectionId, teamHandle, backs: failoverOf?.pageId ?? null };
  return { ...blank(ofPage(command), command, place), ...its };
}

function unrouted(mention: Mention | undefined, its: UnroutedHandle, place: Place): Mention {
  const known = mention ?? { ...blank(ofHandle(its), its, place), firing: ofFiring(its), state: 'unrouted' };
  const { reason, detail, connectionId = null } = its;
  return { ...known, reason, detail, connectionId };
}

/** An unknown handle that has become known in time: its page tells the rest. */
const late = (mention: Mention | undefined, command: PageCommand, place: Place): Mention => ({
  ...(mention ?? blank(ofHandle(command), command, place)),
  ...{ firing: ofFiring(command), state: 'late' },
});

function told(mention: Mention | undefined, outcome: PageOutcome, place: Place): Mention {
  const { sourceOrg, alertKey, alertEventId, pageId, connectionId, teamHandle } = outcome;
  const backs = outcome.failoverOf?.pageId ?? null;
  const unnamed = { sourceOrg, alertKey, alertEventId, handle: '', title: '' };
  const known = mention ?? {
    ...blank(ofPage(outcome), unnamed, place),
    ...{ firing: ofPage({ sourceOrg, pageId: backs ?? pageId }), pageId, connectionId, teamHandle, backs },
  };
  const { outcome: kind } = outcome;
  // A page is taken once, also before a replay; this says nothing about its calls and its end.
  if (kind === 'acknowledged') return { ...known, takenAt: known.takenAt ?? momentIn(outcome.at) };
  const isOld = known.replayedAt !== null && place.at < known.replayedAt;
  return isOld ? known : { ...known, ...stateOf(kind, outcome, known, place.at), ...callsOf(outcome, known) };
}

// A record of a page may come twice, and that of an attempt after the end: it takes back nothing. A replay does.
const reached: Readonly<Record<MentionState, number>> = {
  ...{ waiting: 0, unrouted: 0, late: 0, undeliverable: 1, superseded: 1 },
  ...{ joined: 2, delivered: 2, resolved: 3, unresolved: 3 },
};

function stateOf(
  outcome: ListedOutcome,
  { reason, detail, at: toldAt }: PageOutcome,
  known: Mention,
  at: Date,
): Partial<Mention> {
  const why = { reason: reason ?? null, detail: detail ?? null };
  // An attempt to page that failed, or one to resolve, which leaves the page as it is.
  if (outcome === 'retried') return known.state === 'waiting' ? { ...why, stateAt: at } : {};
  const acceptedAt = outcome === 'delivered' ? momentIn(toldAt) : known.acceptedAt;
  if (reached[outcome] < reached[known.state]) return { acceptedAt };
  const closedThereAt = outcome === 'resolved' && reason === 'closed-there' ? momentIn(toldAt) : null;
  return { ...why, acceptedAt, closedThereAt, state: outcome, stateAt: at };
}

const callsOf = (outcome: PageOutcome, known: Mention): Partial<Mention> => ({
  attempts: Math.max(outcome.attempts, known.attempts),
  possibleDuplicate: outcome.possibleDuplicate || known.possibleDuplicate,
  destinationPageId: outcome.destinationPageId ?? known.destinationPageId,
  nextAttemptAt: momentIn(outcome.nextAttemptAt),
  givenUpAt: momentIn(outcome.givenUpAt),
});

// The last moment that a DATETIME can hold.
const lastMs = Date.UTC(9999, 11, 31);

function momentIn(text: string | undefined): Date | null {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return ms >= 0 && ms <= lastMs ? new Date(ms) : null;
}

const cut = (text: string, most: number): string => text.slice(0, most);

const blank = (
  id: string,
  {
    sourceOrg,
    alertKey,
    alertEventId: eventId,
    handle,
    title,
  }: Omit<Firing, 'occurredAt'> & Pick<PageCommand, 'handle' | 'title'>,
  { at, day }: Place,
): Omit<Mention, 'firing'> => ({
  ...{ id, day, sourceOrg, alertKey, eventId, at, handle, title },
  ...{ urgency: null, pageId: null, backs: null, connectionId: null, teamHandle: null },
  ...{ ...anew, replayedAt: null, takenAt: null },
});

/** What is known of the attempts of a page before its first outcome. */
const anew = {
  ...{ state: 'waiting' as const, stateAt: null, acceptedAt: null, closedThereAt: null, reason: null, detail: null },
  ...{ attempts: 0, possibleDuplicate: false, destinationPageId: null, nextAttemptAt: null, givenUpAt: null },
};
