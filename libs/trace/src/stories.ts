import { type AlertState, alertsCardOf, type PageOutcome, type PageState } from '@pagebridge/contracts';
import { handleOf, mentionsOf, placeOf } from '@pagebridge/vocabulary';
import type { Hop } from './hop.ts';
import type { ConnectionName, EventStory, HandleStory, Of, PageStory, Sources } from './story.ts';

const ofKind = <Kind extends Hop['kind']>(hops: readonly Hop[], kind: Kind): Of<Kind>[] =>
  hops.filter((hop): hop is Of<Kind> => hop.kind === kind);

/** Returns the events of an alert, the earliest first, each with its handles and their pages. `hops` are in order. */
export function storiesOf({ hops, ledger, connections }: Omit<Sources, 'missing'>): EventStory[] {
  const pages = pageStories(hops, ledger, connections);
  const records = new Set(hops.flatMap((hop) => (hop.kind === 'dead-letter' ? [] : placeOf(hop))));
  // A dead letter of an alert whose record is not there is an event too.
  const isOrphan = (hop: Hop): hop is Of<'dead-letter'> =>
    hop.kind === 'dead-letter' &&
    alertsCardOf(hop.letter.of.topic) !== undefined &&
    !records.has(placeOf(hop.letter.of));
  const byEvent = Map.groupBy(hops, (hop) => (isOrphan(hop) ? `${placeOf(hop.letter.of)} ` : eventOf(hop)));
  byEvent.delete(undefined);
  const eventOfPage = new Map(ofKind(hops, 'page').map((hop) => [hop.command.pageId, eventOf(hop)]));
  const lastOfId = new Map([...byEvent.keys()].map((event) => [idOf(event), event]));
  const home = ({ pageId, backs, outcomes, state }: PageStory): string => {
    const id = outcomes[0]?.outcome.alertEventId ?? state?.alertEventId ?? '';
    return eventOfPage.get(backs ?? pageId) ?? lastOfId.get(id) ?? `${id} `;
  };
  const pagesByEvent = Map.groupBy(pages.values(), home);
  const letters = Map.groupBy(ofKind(hops, 'dead-letter'), ({ letter }) => placeOf(letter.of));
  const all = new Set([...byEvent.keys(), ...pagesByEvent.keys()]);
  const stories = [...all].map((event = '') =>
    storyOf(idOf(event), byEvent.get(event) ?? [], pagesByEvent.get(event) ?? [], letters),
  );
  return stories.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

type Letters = ReadonlyMap<string, readonly Of<'dead-letter'>[]>;

function storyOf(eventId: string, its: readonly Hop[], pages: readonly PageStory[], letters: Letters): EventStory {
  const alerts = ofKind(its, 'alert');
  const [unreadable] = ofKind(its, 'unreadable');
  const alert = alerts.at(-1);
  const resolves = ofKind(its, 'resolve');
  const isRecovery = alert ? alert.alert.transition === 'recovered' : resolves.length > 0;
  // What stands before the last replay of it was cured.
  const deadLetters = [alert ?? unreadable].flatMap((hop) => (hop ? (letters.get(placeOf(hop)) ?? []) : []));
  const orphans = ofKind(its, 'dead-letter');
  return {
    ...{ eventId, alert, unreadable, isRecovery },
    handles: isRecovery && pages.length === 0 ? [] : handlesOf(its, alert, pages),
    deadLetters: [...deadLetters, ...orphans],
    at: its[0]?.at ?? pages[0]?.state?.acceptedAt ?? pages[0]?.outcomes[0]?.at ?? '',
  };
}

function handlesOf(its: readonly Hop[], alert: Of<'alert'> | undefined, pages: readonly PageStory[]): HandleStory[] {
  const unrouted = new Map(ofKind(its, 'unrouted').map((hop) => [hop.unrouted.handle, hop]));
  const handles = new Map<string, PageStory[]>();
  if (alert && alert.alert.transition !== 'recovered')
    for (const mention of mentionsOf(alert.alert)) handles.set(handleOf(mention), []);
  for (const handle of unrouted.keys()) if (!handles.has(handle)) handles.set(handle, []);
  const handleOfPage = new Map(pages.map(({ pageId, command }) => [pageId, command?.command.handle]));
  for (const page of pages) {
    const handle = handleOfPage.get(page.backs ?? page.pageId) ?? handleOf(page.teamHandle);
    handles.set(handle, [...(handles.get(handle) ?? []), page]);
  }
  return [...handles].map(([handle, those]) => ({ handle, pages: those, unrouted: unrouted.get(handle) }));
}

/** Returns all pages that a command, an outcome or the ledger names. */
function pageStories(hops: readonly Hop[], ledger: AlertState | undefined, connections: Sources['connections']) {
  const commands = Map.groupBy(ofKind(hops, 'page'), ({ command }) => command.pageId);
  const outcomes = Map.groupBy(ofKind(hops, 'outcome'), ({ outcome }) => outcome.pageId);
  const states = new Map(ledger?.pages.map((page) => [page.pageId, page]));
  const letters = Map.groupBy(ofKind(hops, 'dead-letter'), ({ letter }) => placeOf(letter.of));
  const ids = new Set([...commands.keys(), ...outcomes.keys(), ...states.keys()]);
  return new Map(
    [...ids].map((pageId): [string, PageStory] => {
      const ordered = commands.get(pageId) ?? [];
      const state = states.get(pageId);
      const lastCommand = ordered.at(-1);
      const its = outcomesSince(outcomes.get(pageId) ?? [], lastCommand);
      const of = ordered[0]?.command ?? its[0]?.outcome ?? state;
      const connectionId = of?.connectionId ?? '';
      const story = {
        ...{ pageId, connectionId, teamHandle: of?.teamHandle ?? '' },
        connection: nameOf(connections.get(connectionId)),
        backs: of?.failoverOf?.pageId,
        ...{ command: ordered[0], lastCommand, outcomes: its, state },
        deadLetters: lastCommand ? (letters.get(placeOf(lastCommand)) ?? []) : [],
        unrecorded: unrecordedOf(its, state),
      };
      return [pageId, story];
    }),
  );
}

/** Returns the names alone: a trace is shown and pasted, and the record has the sealed credential. */
const nameOf = (its: ConnectionName | undefined): ConnectionName | undefined =>
  its && { name: its.name, slug: its.slug };

/** Returns the outcomes that count, each once: of a page whose dead letter was replayed, those of the new attempt. */
function outcomesSince(outcomes: readonly Of<'outcome'>[], last: Of<'page'> | undefined): Of<'outcome'>[] {
  const since = last?.replayOf === undefined ? '' : last.at;
  const unique = new Map<string, Of<'outcome'>>();
  for (const hop of outcomes) if (hop.at >= since) unique.set(`${hop.outcome.outcome} ${hop.outcome.at}`, hop);
  return [...unique.values()];
}

const ofCreate: readonly PageOutcome['outcome'][] = ['retried', 'delivered', 'undeliverable', 'superseded'];

function unrecordedOf(outcomes: readonly Of<'outcome'>[], state: PageState | undefined): number[] {
  const delivered = outcomes.findIndex(({ outcome }) => outcome.outcome === 'delivered');
  const creating = (delivered < 0 ? outcomes : outcomes.slice(0, delivered + 1)).flatMap(({ outcome }) =>
    ofCreate.includes(outcome.outcome) ? outcome : [],
  );
  const seen = new Set(creating.map(({ attempts }) => attempts));
  const made = state?.status === 'attempting' ? state.attempts - 1 : state?.status === 'pending' ? state.attempts : 0;
  const last = Math.max(0, made, ...seen);
  return Array.from({ length: last }, (_, index) => index + 1).filter((number) => !seen.has(number));
}

/** Returns the event that a record belongs to: its id and time, since producers may use an id again. */
function eventOf(hop: Hop): string | undefined {
  switch (hop.kind) {
    case 'alert':
      return `${hop.eventId} ${hop.alert.occurredAt}`;
    case 'page':
    case 'resolve':
      return `${hop.command.alertEventId} ${hop.command.occurredAt}`;
    case 'unrouted':
      return `${hop.unrouted.alertEventId} ${hop.unrouted.occurredAt}`;
    case 'unreadable':
      return alertsCardOf(hop.topic) ? `${placeOf(hop)} ` : undefined;
    default:
      return undefined;
  }
}

const idOf = (event = ''): string => event.slice(0, event.lastIndexOf(' '));

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
