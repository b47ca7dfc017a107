import { Problem } from '@pagebridge/service';
import type { Refusal } from '../../application/refusal.ts';

type TokenRefusal = Extract<
  Refusal,
  { reason: 'permission-not-held' | 'expiry-out-of-range' | 'too-many-tokens' | 'too-many-kept-tokens' | 'tokens-off' }
>;

/** Why no API token was made. */
export function tokenProblem(refusal: TokenRefusal): Problem {
  const code = refusal.reason;
  switch (refusal.reason) {
    case 'permission-not-held': {
      const { permission } = refusal;
      const cure = `Give a role or permissions that you hold, or have somebody make it who holds ${permission}.`;
      const message = `it would hold ${permission}, which its maker does not hold in this source org`;
      const detail = `No token was made: ${message}. ${cure}`;
      const errors = [{ field: 'permissions', message, cure }];
      return new Problem(
        { status: 403, code, title: 'Nobody gives what they do not hold', detail, errors },
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
      const detail = `This source org has ${refusal.most} tokens that are neither revoked nor expired; there may be no more. Revoke those that lastUsedAt shows as unused.`;
      return new Problem({ status: 409, code, title: 'Too many tokens', detail });
    }
    case 'too-many-kept-tokens': {
      const detail = `This source org has ${refusal.most} tokens with those that were revoked; each is kept until a day after it would have expired, since nothing may revive it. Wait for that, and give tokens that are soon revoked a short life.`;
      return new Problem({ status: 409, code, title: 'Too many tokens', detail });
    }
    case 'tokens-off': {
      const detail =
        'No token was made, since nobody would believe it: ACCESS_TOKENS is off. Set it to on for each service, and read docs/how-to/api-tokens.md first.';
      return new Problem({ status: 409, code, title: 'API tokens are off', detail });
    }
  }
}
