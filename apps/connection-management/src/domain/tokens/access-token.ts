export const tokenRoles = ['viewer', 'editor', 'admin'] as const;
export type TokenRole = (typeof tokenRoles)[number];

/** What a token may do in its source org: what a role may, or what is named one by one. */
export type TokenScope = { readonly role: TokenRole } | { readonly permissions: readonly string[] };

/** An API token of a source org. The token itself is kept nowhere. */
export interface AccessToken {
  readonly id: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
  readonly last4: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly version: number;
}

const dayMs = 24 * 60 * 60 * 1000;
export const longestLifeDays = 366;
/** How many tokens of a source org may be neither revoked nor expired. */
export const mostLiveTokens = 100;
/** How many there may be with those, each until a day after its expiry: every service that has routes holds them in memory. */
export const mostKeptTokens = 1000;

/** The latest moment at which a token that is made now may expire. */
export const latestExpiry = (now: Date): Date => new Date(now.getTime() + longestLifeDays * dayMs);
export const inDays = (now: Date, days: number): Date => new Date(now.getTime() + days * dayMs);

/** The very same object where it was revoked before. */
export const revoked = (token: AccessToken, now: Date): AccessToken =>
  token.revokedAt ? token : { ...token, revokedAt: now, version: token.version + 1 };

export type TokenStatus = 'active' | 'revoked' | 'expired';
export function statusOfToken({ revokedAt, expiresAt }: AccessToken, now: Date): TokenStatus {
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
}

/** What of a token may stand in the audit. */
export const auditViewOfToken = ({ name, scope, last4, expiresAt, revokedAt }: AccessToken) => ({
  name,
  ...scope,
  last4,
  expiresAt,
  ...(revokedAt ? { revokedAt } : {}),
});

const longestMaker = 512;

/** Who made it, as its record can carry it: an issuer's subject may be any text. */
export const makerOf = (actor: string): string =>
  actor
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, longestMaker)
    .toWellFormed();
