import {
  type Alert,
  type Command,
  type Connection,
  type Handle,
  isLater,
  type Occurrence,
  type OutcomeKind,
  type PageCommand,
  type PageOutcome,
  type ResolveCommand,
} from '@pagebridge/contracts';
import { handleOf, mentionsIn } from '@pagebridge/vocabulary';
import type { DestinationPage, Entry, History, TableRecord } from './history.ts';

/**
 * Returns the distinct handles of an alert. The load never puts punctuation behind a handle, so each mention is a handle.
 * Hostile texts name no handle in two spellings.
 */
export const handlesOf = ({ message, recipients = [] }: Alert): string[] => [
  ...new Set(mentionsIn([message, ...recipients.map((it) => `@${it}`)].join(' ')).map(handleOf)),
];

/** Returns whether an alert resolves its pages. A recovery does, whatever handles it names; a manual alert is refused. */
export const endsPages = ({ transition, origin }: Alert): boolean => transition === 'recovered' && origin !== 'manual';

/** Returns the effects that an alert must have: its handles, or the end of its pages. */
export const askedOf = (alert: Alert): string[] => (endsPages(alert) ? ['resolve'] : handlesOf(alert));

/** The records that page-routing wrote for each handle of an alert. */
export class Answers {
  readonly #pages = new Map<string, PageCommand[]>();
  readonly #unrouted = new Set<string>();
  readonly #resolves = new Set<string>();

  constructor({ commands, unrouted }: History) {
    for (const { data } of commands) {
      if (data.kind === 'resolve') this.#resolves.add(data.alertEventId);
      else for (const handle of [data.handle, ...unknownOn(data)]) this.#add(data, handle);
    }
    for (const { data } of unrouted) this.#unrouted.add(`${data.alertEventId} ${data.handle}`);
  }

  /** Returns the page commands of an alert for this handle. */
  pages(eventId: string, handle: string): readonly PageCommand[] {
    return this.#pages.get(`${eventId} ${handle}`) ?? [];
  }

  isUnrouted(eventId: string, handle: string): boolean {
    return this.#unrouted.has(`${eventId} ${handle}`);
  }

  isAnswered(eventId: string, asked: string): boolean {
    if (asked === 'resolve') return this.#resolves.has(eventId);
    return this.isUnrouted(eventId, asked) || this.pages(eventId, asked).length > 0;
  }

  #add(command: PageCommand, handle: string): void {
    const key = `${command.alertEventId} ${handle}`;
    this.#pages.set(key, [...(this.#pages.get(key) ?? []), command]);
  }
}

/** Returns unknown handles without their own command: the note of this page names them, because it pages their fallback. */
function unknownOn({ description, handle }: PageCommand): string[] {
  const [note, rest] = description.split(' unknown in source org ', 2);
  if (note === undefined || rest === undefined) return [];
  const named = mentionsIn(note.replaceAll(/ \(nearest known: [^)]*\)/g, '')).map(handleOf);
  return named.filter((name) => name !== handle);
}

/**
 * Returns the pages that page-delivery raised as backups, in the form of a page command for the backup's team.
 *
 * The ledger names them. A backup that only a former owner recorded, after it had lost the partition, counts if it has an
 * outcome or a page.
 */
function backupsIn(
  { states, outcomes, pages }: History,
  ordered: ReadonlyMap<string, Entry<PageCommand>>,
): Map<string, Entry<PageCommand>> {
  const latest = new Map(states.map((entry) => [entry.key, entry]));
  const spokenOf = new Set([
    ...outcomes.map(({ data }) => data.pageId),
    ...pages.map(({ pageId }) => pageId),
    ...[...latest.values()].flatMap(({ data }) => data.pages.map(({ pageId }) => pageId)),
  ]);
  const backups = new Map<string, Entry<PageCommand>>();
  for (const { pageId, failoverOf, connectionId, teamId, teamHandle } of states.flatMap(({ data }) => data.pages)) {
    const first = failoverOf && ordered.get(failoverOf.pageId);
    if (!first || !spokenOf.has(pageId)) continue;
    const { failover: _failover, ...command } = first.data;
    const data = { ...command, pageId, connectionId, teamId, teamHandle, failoverOf };
    backups.set(pageId, { ...first, eventId: pageId, data });
  }
  return backups;
}

/** A team of a connection. */
type KnownTeam = Pick<PageCommand, 'connectionId' | 'teamId'>;

/** The states of connections and teams during the run, by the compacted topics. */
class Known {
  readonly #disabled = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #teams = new Map<string, KnownTeam>();
  readonly #since = new Map<string, number>();

  constructor({ connections, handles, alerts }: History) {
    for (const { key, data } of connections) {
      if (!data) this.#deleted.add(key);
      else if (!data.enabled) this.#disabled.add(key);
    }
    const readers = steadyReaders(connections);
    const firstAlertAt = firstAt(alerts);
    for (const records of Map.groupBy(handles, ({ key }) => key).values()) {
      const team = unchanged(records);
      if (!team) continue;
      const { directory, teamId, teamHandle } = team.data;
      for (const { connectionId, sourceOrg, since } of readers.get(directory) ?? []) {
        const name = `${sourceOrg} ${handleOf(teamHandle)}`;
        this.#since.set(name, Math.max(team.timestamp, since));
        if (Math.max(team.timestamp, since) < firstAlertAt) this.#teams.set(name, { connectionId, teamId });
      }
    }
  }

  /** Returns the team of this handle if it was the same during the whole run; else undefined. */
  teamOf(sourceOrg: string, handle: string): KnownTeam | undefined {
    return this.#teams.get(`${sourceOrg} ${handle}`);
  }

  /** Returns the time in milliseconds since which this handle has meant one team over one connection until the end. */
  knownSince(sourceOrg: string, handle: string): number | undefined {
    return this.#since.get(`${sourceOrg} ${handle}`);
  }

  /** Returns whether this reason for ending a page over the connection was ever valid. */
  explains(connectionId: string, reason: string | undefined): boolean {
    if (reason === 'connection-disabled') return this.#disabled.has(connectionId);
    const isOfDeletion = reason === 'connection-unknown' || reason === 'connection-deleted';
    return isOfDeletion && this.#deleted.has(connectionId);
  }
}

/** Returns the time of the first of these records; infinite without any. */
export const firstAt = (entries: readonly { readonly timestamp: number }[]): number =>
  entries.reduce((first, { timestamp }) => Math.min(first, timestamp), Number.POSITIVE_INFINITY);

/** A connection that was never disabled or deleted and always had the same directory. */
type SteadyReader = Pick<Connection, 'connectionId' | 'sourceOrg' | 'directory'> & { readonly since: number };

/** Groups the connections by directory. */
export const steadyReaders = (connections: readonly TableRecord<Connection>[]): ReadonlyMap<string, SteadyReader[]> =>
  Map.groupBy(
    [...Map.groupBy(connections, ({ key }) => key).values()].flatMap(steadyReader),
    ({ directory }) => directory,
  );

function steadyReader(records: readonly TableRecord<Connection>[]): SteadyReader[] {
  const [first] = records;
  const isSteady = records.every(({ data }) => data?.enabled && data.directory === first?.data?.directory);
  if (!isSteady || !first?.data) return [];
  const { connectionId, sourceOrg, directory } = first.data;
  return [{ connectionId, sourceOrg, directory, since: first.timestamp }];
}

function unchanged<Data extends Pick<Handle, 'teamHandle' | 'onCall'>>(
  records: readonly TableRecord<Data>[],
): Required<TableRecord<Data>> | undefined {
  const [first] = records;
  if (!first?.data) return undefined;
  const { key, timestamp, data } = first;
  const isSteady = records.every((record) => record.data?.onCall && record.data.teamHandle === data.teamHandle);
  return isSteady ? { key, timestamp, data } : undefined;
}

const finals: readonly OutcomeKind[] = ['delivered', 'joined', 'superseded', 'undeliverable'];

/** An indexed history: page commands, their outcomes, and the pages in the destinations. */
export class Evidence {
  readonly history: History;
  readonly known: Known;
  /** The page commands, each once at its first place, and the backups of those that failed over. */
  readonly pages: ReadonlyMap<string, Entry<PageCommand>>;
  readonly copies: ReadonlyMap<string, readonly DestinationPage[]>;
  readonly deadPages: ReadonlySet<string>;
  readonly #teams: ReadonlySet<string>;
  readonly deadDigests: ReadonlySet<string>;
  readonly #resolves: ReadonlyMap<string, readonly Entry<ResolveCommand>[]>;
  readonly #outcomes: ReadonlyMap<string, readonly PageOutcome[]>;
  readonly #ofKey: ReadonlyMap<string, readonly Entry<PageCommand>[]>;
  readonly #joined: ReadonlyMap<string, readonly Entry<PageCommand>[]>;
  readonly #failoverGroups: ReadonlyMap<string, readonly Entry<PageCommand>[]>;

  constructor(history: History) {
    this.history = history;
    this.known = new Known(history);
    const inOrder = history.commands.toSorted((a, b) => a.offset - b.offset);
    const byPage = Map.groupBy(inOrder.filter(isPage), ({ data }) => data.pageId);
    const ordered = new Map([...byPage].flatMap(([pageId, [first]]) => (first ? [[pageId, first] as const] : [])));
    this.pages = new Map([...ordered, ...backupsIn(history, ordered)]);
    this.#failoverGroups = Map.groupBy(this.pages.values(), ({ data }) => failoverGroupId(data));
    this.#resolves = Map.groupBy(inOrder.filter(isResolve), ({ key }) => key);
    this.#outcomes = Map.groupBy(
      history.outcomes.map(({ data }) => data),
      ({ pageId }) => pageId,
    );
    this.copies = Map.groupBy(history.pages, ({ pageId }) => pageId);
    this.#teams = new Set(history.teams.map(({ id }) => id));
    this.deadPages = new Set(history.deadLetters.flatMap(({ pageId }) => (pageId ? [pageId] : [])));
    this.deadDigests = new Set(history.deadLetters.map(({ digest }) => digest));
    const distinct = [...ordered.values()].toSorted((a, b) => a.offset - b.offset);
    this.#ofKey = Map.groupBy(distinct, ({ key }) => key);
    this.#joined = Map.groupBy(distinct, ({ data }) => this.final(data.pageId)?.joinedPageId ?? '');
  }

  /** Returns whether the destination deleted the team. */
  isDeleted(teamId: string): boolean {
    return !this.#teams.has(teamId);
  }

  outcome(pageId: string, kind: OutcomeKind): PageOutcome | undefined {
    return this.#outcomes.get(pageId)?.find(({ outcome }) => outcome === kind);
  }

  /** Returns the final outcome of a page command; undefined if there is none. */
  final(pageId: string): PageOutcome | undefined {
    return this.#outcomes.get(pageId)?.find(({ outcome }) => finals.includes(outcome));
  }

  /** Returns the page in the destination that the records call delivered; undefined if there is none. */
  deliveredPage(pageId: string): DestinationPage | undefined {
    const outcome = this.outcome(pageId, 'delivered');
    return this.copies.get(pageId)?.find(({ id }) => id === outcome?.destinationPageId);
  }

  /** Returns whether a page command has several final outcomes, of owners that did not read each other's records. */
  isContradicted(pageId: string): boolean {
    const ends = (this.#outcomes.get(pageId) ?? []).map(({ outcome }) => outcome).filter((it) => finals.includes(it));
    return new Set(ends).size > 1;
  }

  /** Returns the page commands of an alert, each once, in the order of the log. */
  commandsOf(key: string): readonly Entry<PageCommand>[] {
    return this.#ofKey.get(key) ?? [];
  }

  resolvesOf(key: string): readonly Entry<ResolveCommand>[] {
    return this.#resolves.get(key) ?? [];
  }

  /** Returns a page and its backups. */
  failoverGroupOf({ data }: Entry<PageCommand>): readonly Entry<PageCommand>[] {
    return this.#failoverGroups.get(failoverGroupId(data)) ?? [];
  }

  /** Returns the commands that joined this page or another page of its failover group. */
  joinedTo(page: Entry<PageCommand>): readonly Entry<PageCommand>[] {
    return this.failoverGroupOf(page).flatMap(({ data }) => this.#joined.get(data.pageId) ?? []);
  }

  /** Returns the page that serves this command: its own, the one it joined, or the backup if only that was delivered. */
  hostOf({ data }: Entry<PageCommand>): Entry<PageCommand> | undefined {
    const host = this.pages.get(this.final(data.pageId)?.joinedPageId ?? data.pageId);
    if (!host || this.hasArrived(host)) return host;
    return this.failoverGroupOf(host).find((other) => this.hasArrived(other)) ?? host;
  }

  hasArrived({ data }: Entry<PageCommand>): boolean {
    return this.outcome(data.pageId, 'delivered') !== undefined;
  }

  /** Returns whether one recovery of the alert counts for all these triggers. */
  recoveredSince(key: string, ...triggers: readonly Occurrence[]): boolean {
    return this.resolvesOf(key).some((recovery) => triggers.every((trigger) => counts(recovery, trigger)));
  }

  /** Returns whether a high-urgency page was ordered for the same connection and team as this low-urgency one. */
  raised({ key, data }: Entry<PageCommand>): boolean {
    return (
      data.urgency === 'low' &&
      this.commandsOf(key).some(({ data: other }) => other.urgency === 'high' && sameTeam(other, data))
    );
  }
}

export const happened = ({ data }: Entry<Command>): Occurrence => ({
  at: Date.parse(data.occurredAt),
  record: data.alertRecord,
});

/** Returns whether the trigger is not later than the recovery. */
export const counts = (recovery: Entry<ResolveCommand>, trigger: Occurrence): boolean =>
  !isLater(trigger, happened(recovery));

/** Returns whether both are for the same team. A backup counts for the original team. */
export function sameTeam(a: PageCommand, b: PageCommand): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}

// The rule of page-delivery, stated here again: the audit must not share its mistakes.
const failoverGroupId = ({ pageId, failoverOf }: Pick<PageCommand, 'pageId' | 'failoverOf'>): string =>
  failoverOf?.pageId ?? pageId;
const isPage = (entry: Entry<Command>): entry is Entry<PageCommand> => entry.data.kind === 'page';
const isResolve = (entry: Entry<Command>): entry is Entry<ResolveCommand> => entry.data.kind === 'resolve';
