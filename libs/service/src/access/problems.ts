import type { Permission, TokenRefusal } from '@pagebridge/access';
import type { Response } from 'express';
import { Denial } from '../problems/denial.ts';
import { Problem } from '../problems/problem.ts';
import { serviceProblems, tokenProblems } from '../problems/service-problems.ts';

/** Returns 401 for a rejected token, with the challenge of RFC 6750 in the response, and 503 for a token that cannot be checked now. */
export function refusedToken(refusal: TokenRefusal, response: Response): Problem {
  const its = { ...tokenProblems[refusal.reason], detail: refusal.detail };
  if (its.status === 503) return new Problem(its, { retryAfterMs: 5000 });
  response.setHeader('www-authenticate', challengeOf(refusal));
  return new Denial(its);
}

function challengeOf({ reason, detail }: TokenRefusal): string {
  if (reason === 'no-token') return 'Bearer realm="pagebridge"';
  return `Bearer realm="pagebridge", error="invalid_token", error_description="${detail.replaceAll(/[^\x20-\x7e]|["\\]/g, '')}"`;
}

/** Returns the same 404 for an unknown source org and for one that the token has no access to: a caller cannot tell which it is. */
export const foreignOrg = (): Problem => {
  const detail = 'The source org does not exist, or this token has no access to it.';
  return new Denial({ ...serviceProblems['not-found'], detail }, {}, 'foreign-org');
};

export const missingPermission = (permission: Permission): Problem => {
  const detail = `This request requires the permission ${permission}. Ask the owner of the access policy for a role with this permission.`;
  return new Denial({ ...serviceProblems['missing-permission'], detail }, { permission });
};
