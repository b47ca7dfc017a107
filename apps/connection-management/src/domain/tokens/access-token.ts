export const tokenRoles = ['viewer', 'editor', 'admin'] as const;
export type TokenRole = (typeof tokenRoles)[number];

/** The permissions of a token in its source org: those of a role, or single ones. */
export type TokenScope = { readonly role: TokenRole } | { readonly permissions: readonly string[] };

/** When and why what was sent with a token paged nobody. */
export interface Refusal {
  readonly at: Date;
  readonly detail: string;
}

/** When a request with the token had alerts that named no handle, and how many. */
export interface WithoutHandle {
  readonly at: Date;
  readonly alerts: number;
}

/** An API token of a source org. The text of the token is not stored. */
export interface AccessToken {
  readonly id: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** The integration whose alerts it sends; undefined for any other token. */
  readonly integration: string | undefined;
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
  readonly last4: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly lastRefusal: Refusal | undefined;
  readonly lastWithoutHandle: WithoutHandle | undefined;
  readonly version: number;
}

const dayMs = 24 * 60 * 60 * 1000;
export const maxLifeDays = 366;
/** The maximum number of tokens of a source org that are neither revoked nor expired. */
export const maxLiveTokens = 100;
/**
 * The maximum number of tokens of a source org that are live, or expired or were revoked within a day. Records are kept for longer, and
 * services hold all in memory, so making tokens has a rate too.
 */
export const maxKeptTokens = 1000;

/** Returns the latest expiry of a token that is made now. */
export const latestExpiry = (now: Date): Date => new Date(now.getTime() + maxLifeDays * dayMs);
export const inDays = (now: Date, days: number): Date => new Date(now.getTime() + days * dayMs);

/** Returns the revoked token; the same object if it was revoked before. */
export const revoked = (token: AccessToken, now: Date): AccessToken =>
  token.revokedAt ? token : { ...token, revokedAt: now, version: token.version + 1 };

export type TokenStatus = 'active' | 'revoked' | 'expired';
export function statusOfToken({ revokedAt, expiresAt }: AccessToken, now: Date): TokenStatus {
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
}

/** Returns the part of a token that the audit may contain. */
export const auditViewOfToken = ({ name, scope, integration, last4, expiresAt, revokedAt }: AccessToken) => ({
  name,
  ...scope,
  ...(integration === undefined ? {} : { integration }),
  last4,
  expiresAt,
  ...(revokedAt ? { revokedAt } : {}),
});

const maxMakerLength = 512;

/** Returns the maker of a token as its record accepts it: the subject of an issuer may be any text. */
export const makerOf = (actor: string): string =>
  actor
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, maxMakerLength)
    .toWellFormed();
