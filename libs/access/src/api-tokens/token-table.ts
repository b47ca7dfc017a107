import { type Identity, ownIssuer } from '../identity.ts';
import { type Permission, permissions, roles } from '../permissions.ts';

/** An API token as the services that check it store it. */
export interface TokenRecord {
  readonly tokenId: string;
  readonly sourceOrg: string;
  readonly role?: 'viewer' | 'editor' | 'admin';
  /** Names of permissions; a newer release may add some that this release does not know. */
  readonly permissions?: readonly string[];
  /** The integration that it names, if it may send alerts. */
  readonly integration?: string;
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
  readonly version: number;
}

/** A token in the table, with the values that each request needs. */
export interface KnownToken {
  readonly record: TokenRecord;
  readonly identity: Identity;
  readonly expiresAtMs: number;
}

/** How long an expired token is still reported as expired; after that it is forgotten and reported as unknown. */
export const toldExpiredMs = 24 * 60 * 60 * 1000;

/** All API tokens by hash. The order of the records of a token does not matter, and a revoked token is never accepted again. */
export class TokenTable {
  private readonly byId = new Map<string, KnownToken>();
  private readonly byHash = new Map<string, KnownToken>();

  put(record: TokenRecord, now: Date): void {
    const before = this.byId.get(record.tokenId);
    if (before && !replaces(record, before.record)) return;
    if (before) this.forget(before);
    const expiresAtMs = Date.parse(record.expiresAt);
    if (expiresAtMs + toldExpiredMs < now.getTime()) return;
    const token = { record, identity: identityOf(record), expiresAtMs };
    this.byId.set(record.tokenId, token);
    this.byHash.set(record.hash, token);
  }

  /** Forgets a token, unless it was revoked and has not expired: otherwise a late record would make it valid again. */
  remove(tokenId: string, now: Date): void {
    const token = this.byId.get(tokenId);
    if (token && (token.record.revokedAt === undefined || token.expiresAtMs <= now.getTime())) this.forget(token);
  }

  find(hash: string): KnownToken | undefined {
    return this.byHash.get(hash);
  }

  /** Returns how many integrations have a token now, and none that lasts for this long. */
  integrationsEnding(now: Date, withinMs: number): number {
    const lasts = new Map<string, number>();
    for (const { record, expiresAtMs } of this.byId.values()) {
      const { sourceOrg, integration, revokedAt } = record;
      if (integration === undefined || revokedAt !== undefined || expiresAtMs <= now.getTime()) continue;
      const name = `${sourceOrg}/${integration}`;
      lasts.set(name, Math.max(expiresAtMs, lasts.get(name) ?? 0));
    }
    return lasts
      .values()
      .filter((expiresAtMs) => expiresAtMs <= now.getTime() + withinMs)
      .toArray().length;
  }

  get size(): number {
    return this.byId.size;
  }

  private forget({ record: { tokenId, hash } }: KnownToken): void {
    this.byId.delete(tokenId);
    this.byHash.delete(hash);
  }
}

// A revoked record replaces every record that is not revoked, whatever their versions: safety must not depend on the versions.
function replaces(record: TokenRecord, before: TokenRecord): boolean {
  const isRevoked = record.revokedAt !== undefined;
  const wasRevoked = before.revokedAt !== undefined;
  return isRevoked === wasRevoked ? record.version > before.version : isRevoked;
}

const identityOf = ({ tokenId, sourceOrg, role, permissions: names = [], integration }: TokenRecord): Identity => ({
  issuer: ownIssuer,
  subject: `token:${tokenId}`,
  ...(integration === undefined ? {} : { integration: { sourceOrg, name: integration, tokenId } }),
  grants: [
    { sourceOrg, permissions: new Set<Permission>([...(role ? roles[role] : []), ...names.filter(isPermission)]) },
  ],
});

const isPermission = (name: string): name is Permission => (permissions as readonly string[]).includes(name);
