/** What the registry is told. Structural on purpose: the contracts' `Connection`, `Handle` and `SourceOrg` fit. */
export interface ConnectionFact {
  readonly connectionId: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  readonly enabled: boolean;
  readonly version: number;
  /** RFC 3339; of two connections with one handle the older gets the page. */
  readonly createdAt: string;
  readonly failover?: Backup;
}

/** Whom a connection names as its backup: a team of another connection of its org. */
export interface Backup {
  readonly connectionId: string;
  readonly teamHandle: string;
  readonly afterFailures?: number;
  readonly afterSeconds?: number;
}

/** `validUntil` is RFC 3339 and exclusive: at that instant the grace period is over. */
export interface FormerHandle {
  readonly teamHandle: string;
  readonly validUntil: string;
}

export interface HandleFact {
  readonly sourceOrg: string;
  readonly teamHandle: string;
  readonly teamName: string;
  readonly formerHandles: readonly FormerHandle[];
}

export interface SourceOrgFact {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  /** Without `@oncall-`; where a mention goes that nothing matches. */
  readonly fallbackHandle?: string;
  readonly version: number;
}
