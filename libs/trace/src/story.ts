import type { AlertState, Connection, PageCommand, PageOutcome, PageState } from '@pagebridge/contracts';
import { handleOf, mentionsIn } from '@pagebridge/vocabulary';
import type { Hop, Place } from './hop.ts';

/** All that is known of an alert, in any order. */
export interface Sources {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly hops: readonly Hop[];
  /** The state of its pages in the ledger of page-delivery. */
  readonly ledger?: AlertState | undefined;
  /** The connections that its pages use, by id. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** What is missing, and why, in sentences. */
  readonly missing: readonly string[];
  /** For topics of which the beginning is not kept any more: the time of the first record. */
  readonly keptSince: ReadonlyMap<string, string>;
}

type Of<Kind extends Hop['kind']> = Extract<Hop, { kind: Kind }>;

/** A page, with what became of it in order. */
export interface PageStory {
  readonly pageId: string;
  readonly connectionId: string;
  readonly connection: Connection | undefined;
  readonly teamHandle: string;
  /** The page that it backs, if it does. */
  readonly backs: string | undefined;
  readonly command: Of<'page'> | undefined;
  readonly outcomes: readonly Of<'outcome'>[];
  readonly deadLetters: readonly Of<'dead-letter'>[];
  readonly state: PageState | undefined;
  /** Numbers of attempts that left no outcome, which may be lost in a crash. */
  readonly unrecorded: readonly number[];
}

/** A handle of an event as it was written, and what it led to. */
export interface HandleStory {
  /** With `@oncall-`. */
  readonly handle: string;
  readonly pages: readonly PageStory[];
  readonly unrouted: Of<'unrouted'> | undefined;
}

/** An event of the alert that may page, or its recovery. */
export interface EventStory {
  readonly eventId: string;
  readonly alert: Of<'alert'> | undefined;
  readonly handles: readonly HandleStory[];
  readonly resolve: Of<'resolve'> | undefined;
  readonly deadLetters: readonly Of<'dead-letter'>[];
  /** The first time at which anything is known of it. */
  readonly at: string;
}

/** Returns the pages of all events. */
export const pagesOf = (events: readonly EventStory[]): PageStory[] =>
  events.flatMap(({ handles }) => handles).flatMap(({ pages }) => pages);

const ofKind = <Kind extends Hop['kind']>(hops: readonly Hop[], kind: Kind): Of<Kind>[] =>
  hops.filter((hop): hop is Of<Kind> => hop.kind === kind);

/** Returns the events of an alert, the earliest first, each with its handles and their pages. */
export function storiesOf(sources: Sources): EventStory[] {
  const hops = ordered(sources.hops);
  const byEvent = Map.groupBy(hops, eventIdOf);
  byEvent.delete(undefined);
  const letters = Map.groupBy(ofKind(hops, 'dead-letter'), ({ letter }) => placeOf(letter.of));
  const states = new Map(sources.ledger?.pages.map((page) => [page.pageId, page]));
  const known = { connections: sources.connections, letters, states };
  return [...byEvent].map(([eventId = '', its]) => storyOf(eventId, its, known));
}

/** What is looked up for each event and page. */
interface Lookup extends Pick<Sources, 'connections'> {
  /** Dead letters, by the places of their originals. */
  readonly letters: ReadonlyMap<string, readonly Of<'dead-letter'>[]>;
  readonly states: ReadonlyMap<string, PageState>;
}

function storyOf(eventId: string, its: readonly Hop[], known: Lookup): EventStory {
  const alerts = ofKind(its, 'alert');
  const [alert] = alerts;
  return {
    eventId,
    alert,
    handles: handlesOf(its, alert, known),
    resolve: ofKind(its, 'resolve')[0],
    deadLetters: alerts.flatMap((one) => known.letters.get(placeOf(one)) ?? []),
    at: its[0]?.at ?? '',
  };
}

function handlesOf(its: readonly Hop[], alert: Of<'alert'> | undefined, known: Lookup): HandleStory[] {
  const commands = new Map<string, Of<'page'>>();
  for (const hop of ofKind(its, 'page')) if (!commands.has(hop.command.pageId)) commands.set(hop.command.pageId, hop);
  const unrouted = ofKind(its, 'unrouted');
  const handles = new Set([
    ...(alert?.alert.transition === 'recovered' ? [] : handlesIn(alert)),
    ...commands.values().map(({ command }) => command.handle),
    ...unrouted.map((hop) => hop.unrouted.handle),
  ]);
  const outcomes = Map.groupBy(ofKind(its, 'outcome'), ({ outcome }) => outcome.pageId);
  return [...handles].map((handle): HandleStory => {
    const commanded = [...commands.values()].filter(({ command }) => command.handle === handle);
    const ids = commanded.map(({ command }) => command.pageId);
    const backups = [...outcomes].flatMap(([pageId, [one]]) =>
      ids.includes(one?.outcome.failoverOf?.pageId ?? '') ? pageId : [],
    );
    const pages = [...ids, ...backups].map((pageId) =>
      pageStory(pageId, commands.get(pageId), outcomes.get(pageId) ?? [], known),
    );
    return { handle, pages, unrouted: unrouted.findLast((hop) => hop.unrouted.handle === handle) };
  });
}

const handlesIn = (hop: Of<'alert'> | undefined): string[] =>
  hop
    ? [
        ...mentionsIn(hop.alert.message).map(handleOf),
        ...(hop.alert.recipients ?? []).map((recipient) => `@${recipient.replace(/^@/, '')}`),
      ]
    : [];

function pageStory(
  pageId: string,
  command: Of<'page'> | undefined,
  all: readonly Of<'outcome'>[],
  { connections, letters, states }: Lookup,
): PageStory {
  const outcomes = unique(all);
  const state = states.get(pageId);
  const of: PageCommand | PageOutcome | undefined = command?.command ?? outcomes[0]?.outcome;
  const connectionId = of?.connectionId ?? '';
  return {
    pageId,
    connectionId,
    connection: connections.get(connectionId),
    teamHandle: of?.teamHandle ?? '',
    backs: of?.failoverOf?.pageId,
    command,
    outcomes,
    deadLetters: command ? (letters.get(placeOf(command)) ?? []) : [],
    state,
    unrecorded: unrecordedOf(outcomes, state),
  };
}

/** An outcome may be written twice. */
function unique(outcomes: readonly Of<'outcome'>[]): Of<'outcome'>[] {
  const seen = new Map<string, Of<'outcome'>>();
  for (const hop of outcomes) {
    const { outcome, at } = hop.outcome;
    const id = `${outcome} ${outcome === 'retried' ? at : ''}`;
    if (!seen.has(id)) seen.set(id, hop);
  }
  return [...seen.values()];
}

const ofCreate: readonly PageOutcome['outcome'][] = ['retried', 'delivered', 'undeliverable', 'superseded'];

function unrecordedOf(outcomes: readonly Of<'outcome'>[], state: PageState | undefined): number[] {
  const delivered = outcomes.findIndex(({ outcome }) => outcome.outcome === 'delivered');
  const creating = (delivered < 0 ? outcomes : outcomes.slice(0, delivered + 1)).flatMap(({ outcome }) =>
    ofCreate.includes(outcome.outcome) ? outcome : [],
  );
  const seen = new Set(creating.map(({ attempts }) => attempts));
  // The last attempt of a page that is given up without a call has its own outcome.
  const last = Math.max(0, ...seen, state?.status === 'attempting' ? state.attempts - 1 : 0);
  return Array.from({ length: last }, (_, index) => index + 1).filter((number) => !seen.has(number));
}

/** Returns the event of the alert that a record belongs to. */
function eventIdOf(hop: Hop): string | undefined {
  switch (hop.kind) {
    case 'alert':
      return hop.eventId;
    case 'page':
    case 'resolve':
      return hop.command.alertEventId;
    case 'unrouted':
      return hop.unrouted.alertEventId;
    case 'outcome':
      return hop.outcome.alertEventId;
    default:
      return undefined;
  }
}

const placeOf = ({ topic, partition, offset }: Omit<Place, 'at'>): string => `${topic}/${partition}/${offset}`;

// What one service writes for another comes after what it has read, whatever the clocks of brokers say.
const stages: readonly Hop['kind'][] = ['alert', 'unrouted', 'page', 'resolve', 'report', 'outcome', 'dead-letter'];

/** Returns records by their times in Kafka, those of a partition by their offsets, and those of one time along the way of a page. */
export function ordered(hops: readonly Hop[]): Hop[] {
  const partitions = Map.groupBy(hops, ({ topic, partition }) => `${topic}/${partition}`);
  const timed = [...partitions.values()].flatMap((part) => {
    let latest = 0;
    return part
      .toSorted((a, b) => a.offset - b.offset)
      .map((hop) => {
        latest = Math.max(latest, Date.parse(hop.at));
        return { hop, time: latest };
      });
  });
  const stage = ({ kind }: Hop) => stages.indexOf(kind);
  return timed.toSorted((a, b) => a.time - b.time || stage(a.hop) - stage(b.hop)).map(({ hop }) => hop);
}
