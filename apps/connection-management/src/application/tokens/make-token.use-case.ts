import { actorOf, decide, hashOfToken, type Identity, makeToken, type Permission, roles } from '@pagebridge/access';
import { Problem } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../domain/audit.ts';
import {
  type AccessToken,
  auditViewOfToken,
  inDays,
  latestExpiry,
  makerOf,
  maxKeptTokens,
  maxLiveTokens,
  type TokenRole,
} from '../../domain/tokens/access-token.ts';
import type { Store } from '../ports.ts';
import { problems } from '../problems.ts';

export interface TokenInput {
  readonly sourceOrg: string;
  readonly name: string;
  readonly scope: { readonly role: TokenRole } | { readonly permissions: readonly Permission[] };
  /** The integration whose alerts the token sends, which is then all that it may do. */
  readonly integration: string | undefined;
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

  async run(input: TokenInput, maker: Identity, caller: Caller): Promise<MadeToken> {
    const { sourceOrg, name, scope, integration, expiry } = input;
    if (!this.areOn) throw off();
    const given = 'role' in scope ? roles[scope.role] : scope.permissions;
    const decision = decide(maker, { permissions: given, sourceOrg });
    if (decision.kind === 'missing-permission') throw notHeld(decision.permission);
    const now = this.clock.now();
    const expiresAt = 'at' in expiry ? expiry.at : inDays(now, expiry.days);
    const latest = latestExpiry(now);
    if (expiresAt <= now || expiresAt > latest) throw outOfRange(latest);
    const token = makeToken();
    const made: AccessToken = {
      id: uuidv7(),
      sourceOrg,
      name,
      scope,
      integration,
      hash: hashOfToken(token),
      last4: token.slice(-4),
      createdAt: now,
      createdBy: makerOf(actorOf(maker)),
      expiresAt,
      revokedAt: undefined,
      lastUsedAt: undefined,
      lastRefusal: undefined,
      lastWithoutHandle: undefined,
      version: 1,
    };
    return this.store.transaction(async (unit) => {
      // Locked, so that nobody deletes it before its token is stored, which would outlive it.
      if (integration && !(await unit.integrations.lock(sourceOrg, integration))) throw noIntegration(input);
      const { live, kept } = await unit.tokens.lockCounts(sourceOrg, now);
      if (live >= maxLiveTokens) {
        const cure = 'Revoke tokens that lastUsedAt shows as unused.';
        throw tooMany('too-many-tokens', maxLiveTokens, `active, which is the maximum. ${cure}`);
      }
      if (kept >= maxKeptTokens) {
        const which = 'active, or ended within the last day, which is the maximum. Retry after a day.';
        throw tooMany('too-many-kept-tokens', maxKeptTokens, which);
      }
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
      return { token, made };
    });
  }
}

function off(): Problem {
  const detail =
    'No token was created, because ACCESS_TOKENS is off and no service would accept it. Set ACCESS_TOKENS=on for each service (docs/how-to/api-tokens.md).';
  return new Problem({ ...problems['tokens-off'], detail });
}

function notHeld(permission: Permission): Problem {
  const message = `the token would have ${permission}, which you do not have in this source org`;
  const cure = `Use a role or permissions that you have, or ask someone with ${permission} to create the token.`;
  const errors = [{ field: 'permissions', message, cure }];
  const detail = `No token was created: ${message}. ${cure}`;
  return new Problem({ ...problems['permission-not-held'], detail, errors }, { permission });
}

function noIntegration({ sourceOrg, integration }: TokenInput): Problem {
  const message = `${integration} is not an integration of this source org`;
  const cure = `Use a name from GET /v1/source-orgs/${sourceOrg}/integrations, or create the integration first.`;
  const errors = [{ field: 'integration', message, cure }];
  return new Problem({
    ...problems['unknown-integration'],
    detail: `No token was created: ${message}. ${cure}`,
    errors,
  });
}

function outOfRange(latest: Date): Problem {
  const message = 'expiresAt must be in the future and at most 366 days from now';
  const cure = `Use a time up to ${latest.toISOString()}.`;
  const errors = [{ field: 'expiresAt', message, cure }];
  return new Problem({ ...problems['expiry-out-of-range'], detail: `${message}. ${cure}`, errors });
}

function tooMany(code: 'too-many-tokens' | 'too-many-kept-tokens', most: number, which: string): Problem {
  const detail = `This source org has ${most} API tokens that are ${which}`;
  return new Problem({ ...problems[code], detail });
}
