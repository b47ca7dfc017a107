import { Problem } from '@pagebridge/service';
import type { Refusal } from '../../application/refusal.ts';

type TokenRefusal = Extract<
  Refusal,
  { reason: 'permission-not-held' | 'expiry-out-of-range' | 'too-many-tokens' | 'too-many-kept-tokens' | 'tokens-off' }
>;

/** Returns the problem that says why no API token was made. */
export function tokenProblem(refusal: TokenRefusal): Problem {
  const code = refusal.reason;
  switch (refusal.reason) {
    case 'permission-not-held': {
      const { permission } = refusal;
      const cure = `Give a role or permissions that you hold, or ask somebody who holds ${permission} to make the token.`;
      const message = `the token would have ${permission}, which its maker does not hold in this source org`;
      const detail = `No token was made: ${message}. ${cure}`;
      const errors = [{ field: 'permissions', message, cure }];
      return new Problem(
        { status: 403, code, title: 'The maker lacks a permission of the token', detail, errors },
        { permission },
      );
    }
    case 'expiry-out-of-range': {
      const message = 'expiresAt must be after now, and no later than 366 days from now';
      const cure = `Give a time up to ${refusal.latest.toISOString()}.`;
      return new Problem({
        status: 400,
        code,
        title: 'The expiry is out of range',
        detail: `${message}. ${cure}`,
        errors: [{ field: 'expiresAt', message, cure }],
      });
    }
    case 'too-many-tokens': {
      const detail = `This source org has ${refusal.most} tokens that are neither revoked nor expired, which is the maximum. Revoke those that lastUsedAt shows as unused.`;
      return new Problem({ status: 409, code, title: 'Too many tokens', detail });
    }
    case 'too-many-kept-tokens': {
      const detail = `This source org has ${refusal.most} tokens that are active, or expired or were revoked within a day, which is the maximum. Wait a day.`;
      return new Problem({ status: 409, code, title: 'Too many tokens', detail });
    }
    case 'tokens-off': {
      const detail =
        'No token was made, since no service would accept it: ACCESS_TOKENS is off. Set it to on for each service, and read docs/how-to/api-tokens.md first.';
      return new Problem({ status: 409, code, title: 'API tokens are off', detail });
    }
  }
}
