import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import type { Hop } from './hop.ts';

/** What a trace tells of a connection. */
export interface ConnectionName {
  readonly name: string;
  readonly slug: string;
}

/** A connection that pages use. */
export interface KnownConnection extends ConnectionName {
  readonly credential: Pick<Connection['credential'], 'revision' | 'checkedAt'>;
}

/** All that is known of an alert, in any order. */
export interface Sources {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly hops: readonly Hop[];
  /** The state of its pages in the ledger of page-delivery. */
  readonly ledger?: AlertState | undefined;
  /** The connections that its pages use, by id. */
  readonly connections: ReadonlyMap<string, KnownConnection>;
  /** What is missing, and why, in sentences. */
  readonly missing: readonly string[];
  /** True: what page-routing wrote about the alert may be missing. */
  readonly mayLackRouting?: boolean;
  /** For topics of which the beginning is not kept any more: the time of the first record. */
  readonly keptSince: ReadonlyMap<string, string>;
}

/** A hop of one kind. */
export type Of<Kind extends Hop['kind']> = Extract<Hop, { kind: Kind }>;

/** A page, with what became of it in order. */
export interface PageStory {
  readonly pageId: string;
  readonly connectionId: string;
  readonly connection: ConnectionName | undefined;
  readonly teamHandle: string;
  /** The page that it backs, if it does. */
  readonly backs: string | undefined;
  /** Its first command, and that which was read last: a replay, if it was given up in between. */
  readonly command: Of<'page'> | undefined;
  readonly lastCommand: Of<'page'> | undefined;
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

/** A firing of the alert, or its recovery. Producers may give several the same id. */
export interface EventStory {
  readonly eventId: string;
  /** Its record, the last one if it was replayed. */
  readonly alert: Of<'alert'> | undefined;
  /** Its record, if it cannot be read. */
  readonly unreadable: Of<'unreadable'> | undefined;
  readonly isRecovery: boolean;
  readonly handles: readonly HandleStory[];
  readonly deadLetters: readonly Of<'dead-letter'>[];
  /** The first time at which anything is known of it. */
  readonly at: string;
}

/** Returns the pages of all events, by id. */
export const pagesIn = (events: readonly EventStory[]): Map<string, PageStory> =>
  new Map(
    events
      .flatMap(({ handles }) => handles)
      .flatMap(({ pages }) => pages)
      .map((page) => [page.pageId, page]),
  );
