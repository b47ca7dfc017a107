import { type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import type { TokenCounts, TokensOfUnit } from '../../../application/ports.ts';
import { type AccessToken, inDays, type Refusal, type WithoutHandle } from '../../../domain/tokens/access-token.ts';
import { lockName } from '../../limits/named-lock.ts';
import { AccessTokenEntity } from './access-token.entity.ts';

/** The API tokens in a transaction. */
export class TokenRows implements TokensOfUnit {
  constructor(private readonly manager: EntityManager) {}

  async lock(id: string, sourceOrg?: string): Promise<AccessToken | undefined> {
    const where = sourceOrg === undefined ? { id } : { id, sourceOrg };
    const row = await this.manager.findOne(AccessTokenEntity, { where, lock: { mode: 'pessimistic_write' } });
    return row ? tokenFrom(row) : undefined;
  }

  async lockCounts(sourceOrg: string, now: Date): Promise<TokenCounts> {
    await lockName(this.manager, `tokens:${sourceOrg}`);
    const isKept = { sourceOrg, revokedAt: IsNull() };
    const wasLately = { sourceOrg, revokedAt: MoreThan(inDays(now, -1)) };
    const kept = await this.manager.countBy(AccessTokenEntity, [isKept, wasLately]);
    const live = await this.manager.countBy(AccessTokenEntity, { ...isKept, expiresAt: MoreThan(now) });
    return { kept, live };
  }

  async lockLive(sourceOrg: string, integration: string, now: Date): Promise<readonly AccessToken[]> {
    const where = { sourceOrg, integration, revokedAt: IsNull(), expiresAt: MoreThan(now) };
    const lock = { mode: 'pessimistic_write' } as const;
    return (await this.manager.find(AccessTokenEntity, { where, order: { id: 'ASC' }, lock })).map(tokenFrom);
  }

  async insert(token: AccessToken): Promise<void> {
    await this.manager.insert(AccessTokenEntity, rowOf(token));
  }

  async revoke(tokens: readonly AccessToken[], revokedAt: Date): Promise<void> {
    const id = In(tokens.map((token) => token.id));
    await this.manager.update(AccessTokenEntity, { id }, { revokedAt, version: () => 'version + 1' });
  }

  async delete(id: string): Promise<void> {
    await this.manager.delete(AccessTokenEntity, { id });
  }

  async noteUse(id: string, at: Date): Promise<void> {
    const sql = 'UPDATE access_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)';
    await this.manager.query(sql, [at, id, at]);
  }

  async noteRefusal(id: string, { at, detail }: Refusal): Promise<void> {
    const sql = `UPDATE access_tokens SET last_refused_at = ?, last_refusal = ?
      WHERE id = ? AND (last_refused_at IS NULL OR last_refused_at < ?)`;
    await this.manager.query(sql, [at, detail, id, at]);
  }

  async noteWithoutHandle(id: string, { at, alerts }: WithoutHandle): Promise<void> {
    const sql = `UPDATE access_tokens SET last_without_handle_at = ?, last_without_handle = ?
      WHERE id = ? AND (last_without_handle_at IS NULL OR last_without_handle_at < ?)`;
    await this.manager.query(sql, [at, alerts, id, at]);
  }
}

export const tokenFrom = ({
  role,
  permissions,
  integration,
  revokedAt,
  lastUsedAt,
  lastRefusedAt,
  lastRefusal,
  lastWithoutHandleAt,
  lastWithoutHandle,
  ...row
}: AccessTokenEntity): AccessToken => ({
  ...row,
  scope: role ? { role } : { permissions: permissions ?? [] },
  integration: integration ?? undefined,
  revokedAt: revokedAt ?? undefined,
  lastUsedAt: lastUsedAt ?? undefined,
  lastRefusal: lastRefusedAt === null || lastRefusal === null ? undefined : { at: lastRefusedAt, detail: lastRefusal },
  lastWithoutHandle:
    lastWithoutHandleAt === null || lastWithoutHandle === null
      ? undefined
      : { at: lastWithoutHandleAt, alerts: lastWithoutHandle },
});

const rowOf = ({
  scope,
  integration,
  revokedAt,
  lastUsedAt,
  lastRefusal,
  lastWithoutHandle,
  ...token
}: AccessToken): AccessTokenEntity => ({
  ...token,
  role: 'role' in scope ? scope.role : null,
  permissions: 'permissions' in scope ? scope.permissions : null,
  integration: integration ?? null,
  revokedAt: revokedAt ?? null,
  lastUsedAt: lastUsedAt ?? null,
  lastRefusedAt: lastRefusal?.at ?? null,
  lastRefusal: lastRefusal?.detail ?? null,
  lastWithoutHandleAt: lastWithoutHandle?.at ?? null,
  lastWithoutHandle: lastWithoutHandle?.alerts ?? null,
});
