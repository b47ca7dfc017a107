import type { Permission, TokenRefusal } from '@pagebridge/access';
import { Denial } from '../http/denial.ts';
import { Problem } from '../http/problem.ts';

// Nothing can be said of the token now: its bearer is to ask again, not to fetch another.
const passing: ReadonlySet<TokenRefusal['reason']> = new Set(['issuer-unreachable', 'policy-unusable', 'tokens-stale']);

/** 401 for a token that is not believed; 503 where nothing can be said of it now. */
export function refusedToken({ reason, detail }: TokenRefusal): Problem {
  if (passing.has(reason)) {
    return new Problem(
      { status: 503, code: reason, title: 'Tokens cannot be checked', detail },
      { retryAfterMs: 5000 },
    );
  }
  const title = reason === 'no-token' ? 'A token is needed' : 'The token is not valid';
  return new Denial({ status: 401, code: reason, title, detail });
}

/** The header `WWW-Authenticate` of a refusal (RFC 6750); none where it is not the token's fault. */
export function challengeOf({ reason, detail }: TokenRefusal): string | undefined {
  if (passing.has(reason)) return undefined;
  if (reason === 'no-token') return 'Bearer realm="pagebridge"';
  return `Bearer realm="pagebridge", error="invalid_token", error_description="${detail.replaceAll(/[^\x20-\x7e]|["\\]/g, '')}"`;
}

/** What a source org that nobody knows is answered with, and a foreign one too. */
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
      detail: `This needs the permission ${permission}. Ask whoever keeps the policy for a role that holds it.`,
    },
    { permission },
  );
