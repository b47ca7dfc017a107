import type { Command, OutcomeKind, PageCommand, PageOutcome, ResolveCommand } from '@pagebridge/contracts';
import { backupsIn } from './backups.ts';
import type { DestinationPage, Entry, History } from './history.ts';
import { Known } from './known.ts';

const finals: readonly OutcomeKind[] = ['delivered', 'joined', 'superseded', 'undeliverable'];

/** A history, indexed: what was ordered, what became of it, what is there. */
export class Evidence {
  readonly history: History;
  readonly known: Known;
  /** Each page ordered, once, where it was ordered first; and the backups of those that failed over. */
  readonly pages: ReadonlyMap<string, Entry<PageCommand>>;
  readonly copies: ReadonlyMap<string, readonly DestinationPage[]>;
  readonly deadPages: ReadonlySet<string>;
  readonly #teams: ReadonlySet<string>;
  readonly deadDigests: ReadonlySet<string>;
  readonly #resolves: ReadonlyMap<string, readonly Entry<ResolveCommand>[]>;
  readonly #outcomes: ReadonlyMap<string, readonly PageOutcome[]>;
  readonly #ofKey: ReadonlyMap<string, readonly Entry<PageCommand>[]>;
  readonly #joined: ReadonlyMap<string, readonly Entry<PageCommand>[]>;
  readonly #stories: ReadonlyMap<string, readonly Entry<PageCommand>[]>;

  constructor(history: History) {
    this.history = history;
    this.known = new Known(history);
    const inOrder = history.commands.toSorted((a, b) => a.offset - b.offset);
    const byPage = Map.groupBy(inOrder.filter(isPage), ({ data }) => data.pageId);
    const ordered = new Map([...byPage].flatMap(([pageId, [first]]) => (first ? [[pageId, first] as const] : [])));
    this.pages = new Map([...ordered, ...backupsIn(history, ordered)]);
    this.#stories = Map.groupBy(this.pages.values(), ({ data }) => storyOf(data));
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

  /** Did its destination delete the team? */
  isDeleted(teamId: string): boolean {
    return !this.#teams.has(teamId);
  }

  outcome(pageId: string, kind: OutcomeKind): PageOutcome | undefined {
    return this.#outcomes.get(pageId)?.find(({ outcome }) => outcome === kind);
  }

  /** What became of a page command; undefined if nothing did. */
  final(pageId: string): PageOutcome | undefined {
    return this.#outcomes.get(pageId)?.find(({ outcome }) => finals.includes(outcome));
  }

  /** Was more than one end told of this page command, by owners who did not know of each other? */
  isContradicted(pageId: string): boolean {
    const ends = (this.#outcomes.get(pageId) ?? []).map(({ outcome }) => outcome).filter((it) => finals.includes(it));
    return new Set(ends).size > 1;
  }

  /** Page commands of an alert, each once, in the order of the log. */
  commandsOf(key: string): readonly Entry<PageCommand>[] {
    return this.#ofKey.get(key) ?? [];
  }

  resolvesOf(key: string): readonly Entry<ResolveCommand>[] {
    return this.#resolves.get(key) ?? [];
  }

  /** A page and its backups, itself included. */
  storyOf({ data }: Entry<PageCommand>): readonly Entry<PageCommand>[] {
    return this.#stories.get(storyOf(data)) ?? [];
  }

  /** Commands that joined this page, or the one it is the backup of, or its backup. */
  joinedTo(page: Entry<PageCommand>): readonly Entry<PageCommand>[] {
    return this.storyOf(page).flatMap(({ data }) => this.#joined.get(data.pageId) ?? []);
  }

  /** The page that stands for this command: its own or the one it joined, or that one's backup where only that arrived. */
  hostOf({ data }: Entry<PageCommand>): Entry<PageCommand> | undefined {
    const host = this.pages.get(this.final(data.pageId)?.joinedPageId ?? data.pageId);
    if (!host || this.hasArrived(host)) return host;
    return this.storyOf(host).find((other) => this.hasArrived(other)) ?? host;
  }

  hasArrived({ data }: Entry<PageCommand>): boolean {
    return this.outcome(data.pageId, 'delivered') !== undefined;
  }

  /** Did the alert recover at or after this instant? */
  recoveredSince(key: string, instant: number): boolean {
    return this.resolvesOf(key).some(({ data }) => Date.parse(data.occurredAt) >= instant);
  }

  /** Was an urgent page ordered over the same connection for the same team as this less urgent one? */
  raised({ key, data }: Entry<PageCommand>): boolean {
    return (
      data.urgency === 'low' &&
      this.commandsOf(key).some(({ data: other }) => other.urgency === 'high' && sameTeam(other, data))
    );
  }
}

const storyOf = ({ pageId, failoverOf }: PageCommand): string => failoverOf?.pageId ?? pageId;

export const happened = ({ data }: Entry<Command>): number => Date.parse(data.occurredAt);

/** Are both for one team? A backup is for the one it stands in for. */
export function sameTeam(a: PageCommand, b: PageCommand): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}

const isPage = (entry: Entry<Command>): entry is Entry<PageCommand> => entry.data.kind === 'page';
const isResolve = (entry: Entry<Command>): entry is Entry<ResolveCommand> => entry.data.kind === 'resolve';
