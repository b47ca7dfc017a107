import type { Backup, FormerHandle } from './facts.ts';

/** A connection as the registry knows it; one frozen object per version, shared by every answer. */
export interface ConnectionSummary {
  readonly connectionId: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  readonly directory: string;
  readonly enabled: boolean;
  /** It is disabled for good. */
  readonly deleting?: boolean;
  readonly failover?: Backup;
}

/** A team as it was last published. */
export interface KnownTeam {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
  /** Nobody finds a team that is not. */
  readonly onCall: boolean;
  readonly formerHandles: readonly FormerHandle[];
  /** When it was first seen with this handle, in milliseconds since the epoch. */
  readonly firstSeen: number;
}

/** The known handle most like an unknown one. */
export interface Nearest {
  /** What to write, with `@oncall-`. */
  readonly handle: string;
  readonly teamHandle: string;
  readonly connectionId: string;
}

export type Matched = 'exact' | 'qualified' | 'renamed';

export interface Routed {
  readonly kind: 'routed';
  readonly matched: Matched;
  /** The text that matched, without `@oncall-`: the mention less its trailing punctuation where that was needed. */
  readonly name: string;
  readonly connection: ConnectionSummary;
  readonly teamId: string;
  /** The team's present handle; differs from `name` where it was qualified or renamed. */
  readonly teamHandle: string;
  /** The first 100 that claim the name, this one at the head; empty where nobody else does. */
  readonly contenders: readonly Contender[];
}

/** A team that a name may mean, over an active connection or not. */
export interface Contender {
  readonly matched: Matched;
  readonly connection: ConnectionSummary;
  readonly teamId: string;
  readonly teamHandle: string;
  /** What to write to mean this team and no other: `@oncall-<slug>/core-infra`. */
  readonly qualifiedHandle: string;
  /** Since when the connection shows the team with the name, or has the slug in it; left out where a rename gave the name up. */
  readonly claimedAt?: string;
}

/** What a mention means to one source org. */
export type Resolution =
  | Routed
  | { readonly kind: 'local'; readonly name: string }
  | {
      readonly kind: 'connection-disabled';
      readonly name: string;
      readonly connection: ConnectionSummary;
      /** The first 100 that claim the name, the team of this connection at the head; empty where nobody else does. */
      readonly contenders: readonly Contender[];
    }
  | { readonly kind: 'unknown'; readonly name: string; readonly nearest?: Nearest };

/** What a team handle means over one connection, and over no other. */
export type OverConnection =
  | {
      readonly kind: 'known';
      readonly connection: ConnectionSummary;
      readonly teamId: string;
      /** Its present one, where it was named by a former. */
      readonly teamHandle: string;
    }
  | { readonly kind: 'connection-disabled'; readonly connection: ConnectionSummary }
  | { readonly kind: 'unknown'; readonly connection: ConnectionSummary }
  | { readonly kind: 'connection-unknown' };

/** One handle offered by autocomplete. */
export interface SearchHit {
  /** What to write: `@oncall-core-infra`. */
  readonly handle: string;
  /** What to write to mean this connection and no other: `@oncall-<slug>/core-infra`. */
  readonly qualifiedHandle: string;
  readonly teamHandle: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly connection: ConnectionSummary;
  /** The plain handle may mean another team too, or the org declared it local. */
  readonly ambiguous: boolean;
  /** The plain handle pages this team. False where another claimed it first and for a local handle. */
  readonly preferred: boolean;
}

/** A place in the list of all handles: that of a team, over a connection. */
export interface ListPlace {
  readonly teamHandle: string;
  readonly connectionId: string;
  readonly teamId: string;
}

/** A handle that may mean several teams, or that is both local and a team's. */
export interface Conflict {
  readonly handle: string;
  readonly teamHandle: string;
  readonly local: boolean;
  /** The first 100, in the order in which they claimed it. The first has it: it is paged, or where its connection is disabled, nobody. */
  readonly contenders: readonly Contender[];
}
