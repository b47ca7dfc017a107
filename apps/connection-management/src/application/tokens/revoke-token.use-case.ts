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
      const now = this.clock.now();
      if (!token.revokedAt) await revokeLocked(unit, [token], caller, now);
      return revoked(token, now);
    });
  }
}

/** Revokes locked tokens that are not revoked, in the same few statements however many they are. */
export async function revokeLocked(unit: Unit, tokens: readonly AccessToken[], caller: Caller, at: Date) {
  if (tokens.length === 0) return;
  await unit.tokens.revoke(tokens, at);
  const changes = tokens.map((before) => ({ before, after: revoked(before, at) }));
  const entries = changes.map(({ before, after }) => {
    const views = { before: auditViewOfToken(before), after: auditViewOfToken(after) };
    return {
      ...caller,
      ...views,
      sourceOrg: before.sourceOrg,
      action: 'token.revoked',
      target: before.id,
      at,
    } as const;
  });
  await unit.audit(...entries);
  await unit.publish(...changes.map(({ after: token }) => ({ kind: 'token', token }) as const));
}
