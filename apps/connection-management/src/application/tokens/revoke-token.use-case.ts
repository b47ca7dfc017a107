import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type AccessToken, auditViewOfToken, revoked } from '../../domain/tokens/access-token.ts';
import { found } from '../found.ts';
import type { Store, Unit } from '../ports.ts';

/**
 * Revokes API tokens: within moments no service accepts them. The record of a revoked token is kept until it expires, so that a
 * late record cannot make it valid again. Revoking a token twice changes nothing.
 */
export class RevokeToken {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(sourceOrg: string, id: string, caller: Caller): Promise<AccessToken> {
    return this.store.transaction(async (unit) => {
      const token = found(await unit.tokens.lock(id, sourceOrg), `API token ${id}`);
      return revokeLocked(unit, token, caller, this.clock.now());
    });
  }
}

/** Revokes a locked token, unless it is revoked. */
export async function revokeLocked(unit: Unit, before: AccessToken, caller: Caller, now: Date): Promise<AccessToken> {
  const after = revoked(before, now);
  if (after === before) return before;
  await unit.tokens.update(after);
  const { id, sourceOrg } = before;
  const views = { before: auditViewOfToken(before), after: auditViewOfToken(after) };
  await unit.audit({ ...caller, sourceOrg, action: 'token.revoked', target: id, ...views, at: now });
  await unit.publish({ kind: 'token', token: after });
  return after;
}
