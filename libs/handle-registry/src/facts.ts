/** What the registry is told. Structural on purpose: the contracts' `Connection`, `Handle`, `SourceOrg` and `Directory` fit. */
export interface ConnectionFact {
  readonly connectionId: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  readonly directory: string;
  readonly enabled: boolean;
  /** It is disabled, and goes as soon as nothing is open over it. */
  readonly deleting?: boolean;
  readonly version: number;
  /** RFC 3339, as every time here. */
  readonly createdAt: string;
  /** Since when it reads its directory; `createdAt` where it is not said. */
  readonly directorySince?: string;
  /** Since when it has its slug; `createdAt` where it is not said. */
  readonly slugSince?: string;
  readonly formerSlugs?: readonly FormerSlug[];
  readonly failover?: Backup;
}

/** Whom a connection names as its backup: a team of another connection of its org. */
export interface Backup {
  readonly connectionId: string;
  readonly teamHandle: string;
  readonly afterFailures?: number;
  readonly afterSeconds?: number;
}

/** `validUntil` is exclusive: at that instant the grace period is over. */
export interface FormerHandle {
  readonly teamHandle: string;
  readonly validUntil: string;
}

/** The same of a slug. */
export interface FormerSlug {
  readonly slug: string;
  readonly validUntil: string;
}

export interface HandleFact {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
  /** Nobody finds a team that is not. */
  readonly onCall: boolean;
  readonly formerHandles: readonly FormerHandle[];
  /** When the team was first seen with this handle. */
  readonly firstSeenAt: string;
}

export interface SourceOrgFact {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  /** Without `@oncall-`; where a mention goes that nothing matches. */
  readonly fallbackHandle?: string;
  readonly version: number;
}

/** How well a directory is known. */
export interface DirectoryFact {
  readonly teams: number;
  readonly unread: number;
  readonly completeAt?: string;
  /** Ids of connections whose credential the destination refuses. */
  readonly refused: readonly string[];
  /** When this was so. */
  readonly at: string;
}
