import type { Backup, FormerHandle } from './facts.ts';

/** A connection in answers of the registry: one frozen object for each version, shared by all answers. */
export interface ConnectionSummary {
  readonly connectionId: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  readonly directory: string;
  readonly enabled: boolean;
  /** The connection is being deleted. */
  readonly deleting?: boolean;
  readonly failover?: Backup;
}

/** A team as it was last published. */
export interface KnownTeam {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
  /** Only teams on call are found by `resolve` and `search`. */
  readonly onCall: boolean;
  readonly formerHandles: readonly FormerHandle[];
  /** The time at which the team was first seen with this handle, in milliseconds since the epoch. */
  readonly firstSeen: number;
}

/** The known handle that is most similar to an unknown one. */
export interface Nearest {
  /** The handle with `@oncall-`. */
  readonly handle: string;
  readonly teamHandle: string;
  readonly connectionId: string;
}

export type Matched = 'exact' | 'qualified' | 'renamed';

export interface Routed {
  readonly kind: 'routed';
  readonly matched: Matched;
  /** The text that matched, without `@oncall-` and, if necessary, without trailing punctuation. */
  readonly name: string;
  readonly connection: ConnectionSummary;
  readonly teamId: string;
  /** The present handle of the team; differs from `name` if the mention was qualified or the team was renamed. */
  readonly teamHandle: string;
  /** The first 100 contenders for the name, starting with this team; empty if there are no others. */
  readonly contenders: readonly Contender[];
}

/** A team that a name may mean, over an enabled or disabled connection. */
export interface Contender {
  readonly matched: Matched;
  readonly connection: ConnectionSummary;
  readonly teamId: string;
  readonly teamHandle: string;
  /** The handle that means only this team: `@oncall-<slug>/core-infra`. */
  readonly qualifiedHandle: string;
  /** The time of the claim; omitted if a rename gave the name up. */
  readonly claimedAt?: string;
}

/** The meaning of a mention to a source org. */
export type Resolution =
  | Routed
  | { readonly kind: 'local'; readonly name: string }
  | {
      readonly kind: 'connection-disabled';
      readonly name: string;
      readonly connection: ConnectionSummary;
      /** The first 100 contenders for the name, starting with this team; empty if there are no others. */
      readonly contenders: readonly Contender[];
    }
  | { readonly kind: 'unknown'; readonly name: string; readonly nearest?: Nearest };

/** The meaning of a team handle over one connection. */
export type OverConnection =
  | {
      readonly kind: 'known';
      readonly connection: ConnectionSummary;
      readonly teamId: string;
      /** The present handle, even if a former handle was given. */
      readonly teamHandle: string;
    }
  | { readonly kind: 'connection-disabled'; readonly connection: ConnectionSummary }
  | { readonly kind: 'unknown'; readonly connection: ConnectionSummary }
  | { readonly kind: 'connection-unknown' };

/** A handle that autocomplete offers. */
export interface SearchHit {
  /** The plain handle: `@oncall-core-infra`. */
  readonly handle: string;
  /** The handle that means only this connection: `@oncall-<slug>/core-infra`. */
  readonly qualifiedHandle: string;
  readonly teamHandle: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly connection: ConnectionSummary;
  /** The plain handle may mean another team too, or it is a local handle of the org. */
  readonly ambiguous: boolean;
  /** The plain handle pages this team. False if another team claimed it first, and for a local handle. */
  readonly preferred: boolean;
}

/** A position in a list of handles: a team over a connection. */
export interface ListPlace {
  readonly teamHandle: string;
  readonly connectionId: string;
  readonly teamId: string;
}

/** The part of what a query finds that is wanted. */
export interface Within {
  /** Only handles of this connection. */
  readonly connectionId?: string | undefined;
  /** Only what comes after this position. */
  readonly after?: ListPlace | undefined;
}

/** A handle that may mean several teams, or that is local and the handle of a team. */
export interface Conflict {
  readonly handle: string;
  readonly teamHandle: string;
  readonly local: boolean;
  /** The first 100 contenders by claim. The first is paged, unless its connection is disabled or the handle is local. */
  readonly contenders: readonly Contender[];
}

export interface ConflictPage {
  readonly conflicts: readonly Conflict[];
  /** The last handle that was looked at, in conflict or not; undefined if there are no others after it. */
  readonly next?: string;
}
