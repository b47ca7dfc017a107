/** What the registry is told. Structural on purpose: the contracts' `Connection`, `Handle` and `SourceOrg` fit. */
export interface ConnectionFact {
  readonly connectionId: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  readonly enabled: boolean;
  readonly version: number;
  /** RFC 3339, as every time here. */
  readonly createdAt: string;
  /** Since when it has its slug; `createdAt` where it is not said. */
  readonly slugSince?: string;
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

export interface HandleFact {
  readonly teamId: string;
  readonly sourceOrg: string;
  readonly teamHandle: string;
  readonly teamName: string;
  readonly formerHandles: readonly FormerHandle[];
  readonly changedAt: string;
  /** When the team was first seen with this handle, which is when it claimed it; `changedAt` where it is not said. */
  readonly firstSeenAt?: string;
}

export interface SourceOrgFact {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  /** Without `@oncall-`; where a mention goes that nothing matches. */
  readonly fallbackHandle?: string;
  readonly version: number;
}
