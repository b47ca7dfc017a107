import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';

const maxTokens = 1000;
const keptMs = 60_000;

/** A cache of the claims of tokens that were verified within the last minute; keyed by hash, so that it holds no tokens. */
export class VerifiedTokens {
  private readonly known = new Map<string, { readonly claims: JWTPayload; readonly until: number }>();

  constructor(private readonly toleranceSeconds: number) {}

  claimsOf(token: string): JWTPayload | undefined {
    const entry = this.known.get(hash('sha256', token));
    return entry && Date.now() < entry.until ? entry.claims : undefined;
  }

  keep(token: string, claims: JWTPayload): void {
    const [oldest] = this.known.keys();
    if (this.known.size >= maxTokens && oldest !== undefined) this.known.delete(oldest);
    const end = ((claims.exp ?? 0) + this.toleranceSeconds) * 1000;
    this.known.set(hash('sha256', token), { claims, until: Math.min(Date.now() + keptMs, end) });
  }
}
