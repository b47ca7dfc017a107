import type { Command, OutcomeKind, PageCommand, PageOutcome, ResolveCommand } from '@pagebridge/contracts';
import type { DestinationPage, Entry, History } from './history.ts';
import { Known } from './known.ts';

const finals: readonly OutcomeKind[] = ['delivered', 'joined', 'superseded', 'undeliverable'];

/** A history, indexed: what was ordered, what became of it, what is there. */
export class Evidence {
  readonly history: History;
  readonly known: Known;
  /** Each page ordered, once, where it was ordered first. */
  readonly pages: ReadonlyMap<string, Entry<PageCommand>>;
  readonly copies: ReadonlyMap<string, readonly DestinationPage[]>;
  readonly deadPages: ReadonlySet<string>;
  readonly deadDigests: ReadonlySet<string>;
  readonly #resolves: ReadonlyMap<string, readonly Entry<ResolveCommand>[]>;
  readonly #outcomes: ReadonlyMap<string, readonly PageOutcome[]>;
  readonly #ofKey: ReadonlyMap<string, readonly Entry<PageCommand>[]>;
  readonly #joined: ReadonlyMap<string, readonly Entry<PageCommand>[]>;

  constructor(history: History) {
    this.history = history;
    this.known = new Known(history);
    const inOrder = history.commands.toSorted((a, b) => a.offset - b.offset);
    const byPage = Map.groupBy(inOrder.filter(isPage), ({ data }) => data.pageId);
    this.pages = new Map([...byPage].flatMap(([pageId, [first]]) => (first ? [[pageId, first] as const] : [])));
    this.#resolves = Map.groupBy(inOrder.filter(isResolve), ({ key }) => key);
    this.#outcomes = Map.groupBy(
      history.outcomes.map(({ data }) => data),
      ({ pageId }) => pageId,
    );
    this.copies = Map.groupBy(history.pages, ({ pageId }) => pageId);
    this.deadPages = new Set(history.deadLetters.flatMap(({ pageId }) => (pageId ? [pageId] : [])));
    this.deadDigests = new Set(history.deadLetters.map(({ digest }) => digest));
    const distinct = [...this.pages.values()].toSorted((a, b) => a.offset - b.offset);
    this.#ofKey = Map.groupBy(distinct, ({ key }) => key);
    this.#joined = Map.groupBy(distinct, ({ data }) => this.final(data.pageId)?.joinedPageId ?? '');
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

  /** Commands that joined this page. */
  joinedTo(pageId: string): readonly Entry<PageCommand>[] {
    return this.#joined.get(pageId) ?? [];
  }

  /** The page that stands for this command: its own, or the one it joined. */
  hostOf({ data }: Entry<PageCommand>): Entry<PageCommand> | undefined {
    const host = this.final(data.pageId)?.joinedPageId ?? data.pageId;
    return this.pages.get(host);
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

export const happened = ({ data }: Entry<Command>): number => Date.parse(data.occurredAt);

export const sameTeam = (a: PageCommand, b: PageCommand): boolean =>
  a.connectionId === b.connectionId && a.teamId === b.teamId;

const isPage = (entry: Entry<Command>): entry is Entry<PageCommand> => entry.data.kind === 'page';
const isResolve = (entry: Entry<Command>): entry is Entry<ResolveCommand> => entry.data.kind === 'resolve';
