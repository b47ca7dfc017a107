import { actorOf, decide, hashOfToken, type Identity, makeToken, type Permission, roles } from '@pagebridge/access';
import type { Clock } from '@pagebridge/vocabulary';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../domain/audit.ts';
import {
  type AccessToken,
  auditViewOfToken,
  inDays,
  latestExpiry,
  makerOf,
  mostKeptTokens,
  mostLiveTokens,
  type TokenRole,
} from '../../domain/tokens/access-token.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

export interface TokenWish {
  readonly sourceOrg: string;
  readonly name: string;
  readonly scope: { readonly role: TokenRole } | { readonly permissions: readonly Permission[] };
  readonly expiry: { readonly at: Date } | { readonly days: number };
}

/** A new token with its text, which is shown only once. */
export interface MadeToken {
  readonly token: string;
  readonly made: AccessToken;
}

/** Makes API tokens. A token cannot have a permission that its maker does not hold. */
export class MakeToken {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    /** Whether the services accept API tokens. A token that no service accepts would mislead its owner. */
    private readonly areOn: boolean,
  ) {}

  async run(wish: TokenWish, maker: Identity, caller: Caller): Promise<Outcome<MadeToken>> {
    const { sourceOrg, name, scope, expiry } = wish;
    if (!this.areOn) return refused({ reason: 'tokens-off' });
    const given = 'role' in scope ? roles[scope.role] : scope.permissions;
    const decision = decide(maker, { permissions: given, sourceOrg });
    if (decision.kind === 'missing-permission') {
      return refused({ reason: 'permission-not-held', permission: decision.permission });
    }
    const now = this.clock.now();
    const expiresAt = 'at' in expiry ? expiry.at : inDays(now, expiry.days);
    const latest = latestExpiry(now);
    if (expiresAt <= now || expiresAt > latest) return refused({ reason: 'expiry-out-of-range', latest });
    const token = makeToken();
    const made: AccessToken = {
      id: uuidv7(),
      sourceOrg,
      name,
      scope,
      hash: hashOfToken(token),
      last4: token.slice(-4),
      createdAt: now,
      createdBy: makerOf(actorOf(maker)),
      expiresAt,
      revokedAt: undefined,
      lastUsedAt: undefined,
      version: 1,
    };
    return this.store.transaction(async (unit) => {
      const { live, kept } = await unit.tokens.lockCounts(sourceOrg, now);
      if (live >= mostLiveTokens) return refused({ reason: 'too-many-tokens', most: mostLiveTokens });
      if (kept >= mostKeptTokens) return refused({ reason: 'too-many-kept-tokens', most: mostKeptTokens });
      await unit.tokens.insert(made);
      await unit.audit({
        ...caller,
        sourceOrg,
        action: 'token.created',
        target: made.id,
        before: null,
        after: auditViewOfToken(made),
        at: now,
      });
      await unit.publish({ kind: 'token', token: made });
      return carriedOut({ token, made });
    });
  }
}
