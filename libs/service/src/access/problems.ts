import type { Permission, TokenRefusal } from '@pagebridge/access';
import { Denial } from '../http/denial.ts';
import { Problem } from '../http/problem.ts';

// Reasons for which the token cannot be checked now: the caller should retry, not fetch another token.
const temporary = new Set<TokenRefusal['reason']>(['issuer-unreachable', 'policy-unusable', 'tokens-stale']);

/** Returns 401 for a rejected token, and 503 for a token that cannot be checked now. */
export function refusedToken({ reason, detail }: TokenRefusal): Problem {
  if (temporary.has(reason)) {
    return new Problem(
      { status: 503, code: reason, title: 'Tokens cannot be checked', detail },
      { retryAfterMs: 5000 },
    );
  }
  const title = reason === 'no-token' ? 'A token is required' : 'The token is not valid';
  return new Denial({ status: 401, code: reason, title, detail });
}

/** Returns the `WWW-Authenticate` header of a refusal (RFC 6750); undefined if the token is not at fault. */
export function challengeOf({ reason, detail }: TokenRefusal): string | undefined {
  if (temporary.has(reason)) return undefined;
  if (reason === 'no-token') return 'Bearer realm="pagebridge"';
  return `Bearer realm="pagebridge", error="invalid_token", error_description="${detail.replaceAll(/[^\x20-\x7e]|["\\]/g, '')}"`;
}

/** Returns the same 404 for an unknown source org and for one that the token has no access to: a caller cannot tell which it is. */
export const foreignOrg = (): Problem =>
  new Denial(
    {
      status: 404,
      code: 'not-found',
      title: 'Not Found',
      detail: 'There is no such source org among those that this token may see.',
    },
    {},
    'foreign-org',
  );

export const missingPermission = (permission: Permission): Problem =>
  new Denial(
    {
      status: 403,
      code: 'missing-permission',
      title: 'A permission is missing',
      detail: `This request needs the permission ${permission}. Ask the owner of the access policy for a role that has it.`,
    },
    { permission },
  );
