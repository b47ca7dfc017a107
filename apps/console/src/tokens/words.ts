import { ago } from '../look/time/times.ts';
import type { Token } from './queries.ts';

/** Returns what a token may do. */
export const rightsOf = ({ role, permissions }: Pick<Token, 'role' | 'permissions'>): string =>
  role ?? permissions.join(', ');

/** Asks whether a token shall be revoked, and says what stops working then. */
export function askToRevoke(token: Pick<Token, 'name' | 'role' | 'permissions' | 'lastUsedAt'>, now: number): string {
  const { name, permissions, lastUsedAt } = token;
  const used = lastUsedAt === null ? 'It was never used.' : `It was last used ${ago(Date.parse(lastUsedAt), now)}.`;
  const made = permissions.includes('tokens:write') ? ' Tokens that it created stay valid.' : '';
  return `Revoke "${name}" (${rightsOf(token)})? Services reject it within seconds. This cannot be undone. ${used}${made}`;
}
