import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Authentication, Authenticator, TokenRefusal } from '../authenticator.ts';
import { grantsOf } from '../policy/grants-of.ts';
import type { Policy, TrustedIssuer } from '../policy/policy.ts';
import { IssuerUnreachable, issuerKeys, type OnUnreachable } from './issuer-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

// Node accepts headers of up to 16 KiB in total; a token of a person in a hundred groups has 5 KiB.
const maxLength = 8192;
const clockToleranceSeconds = 30;
const subject = /^[^\p{C}]{1,255}$/u;

interface Trust {
  readonly keys: JWTVerifyGetKey;
  readonly verified: VerifiedTokens;
}

/** Verifies access tokens of the issuers that the policy trusts; it reads the current policy for each token. */
export class OidcAuthenticator implements Authenticator {
  // Keyed by object: a reloaded policy has new issuer objects, so their keys are fetched again.
  private readonly trust = new WeakMap<TrustedIssuer, Trust>();

  constructor(
    private readonly policies: { readonly policy: Policy | undefined },
    private readonly onUnreachable: OnUnreachable,
  ) {}

  async authenticate(token: string | undefined): Promise<Authentication> {
    if (token === undefined) return refused('no-token', 'Send an access token in the header Authorization: Bearer.');
    if (token.length > maxLength) return refused('malformed', `The token is longer than ${maxLength} characters.`);
    const { policy } = this.policies;
    if (!policy)
      return refused(
        'policy-unusable',
        'The access policy of this service is not valid. The log of the service has the reason.',
      );
    const claimed = issuerOf(token);
    if (claimed === undefined) return refused('malformed', 'The token is not a signed JWT with an issuer.');
    const issuer = policy.issuers.get(claimed);
    if (!issuer) return refused('unknown-issuer', 'The access policy does not trust the issuer of the token.');
    try {
      return await this.verify(token, issuer, policy);
    } catch (error) {
      return { refusal: refusalOf(error, issuer) };
    }
  }

  private async verify(token: string, trusted: TrustedIssuer, policy: Policy): Promise<Authentication> {
    const { keys, verified } = this.trustIn(trusted);
    const known = verified.claimsOf(token);
    if (known) return identified(known, trusted, policy);
    const { issuer, audience, algorithms, types } = trusted;
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    });
    if (!types.map(typeName).includes(typeName(protectedHeader.typ ?? 'untyped'))) {
      return refused('wrong-type', `The token's typ header must be ${types.join(' or ')}. Send an access token.`);
    }
    if (typeof payload.sub !== 'string' || !subject.test(payload.sub)) {
      return refused('malformed', "The token's sub claim must have 1 to 255 characters.");
    }
    verified.keep(token, payload);
    return identified(payload, trusted, policy);
  }

  private trustIn(issuer: TrustedIssuer): Trust {
    const trust = this.trust.get(issuer) ?? {
      keys: issuerKeys(issuer, this.onUnreachable),
      verified: new VerifiedTokens(clockToleranceSeconds),
    };
    this.trust.set(issuer, trust);
    return trust;
  }
}

const identified = (claims: JWTPayload, { issuer }: TrustedIssuer, policy: Policy): Authentication => ({
  identity: { issuer, subject: String(claims.sub), grants: grantsOf(policy, issuer, claims) },
});

const refused = (reason: TokenRefusal['reason'], detail: string): Authentication => ({ refusal: { reason, detail } });

// RFC 7515, 4.1.9: the prefix application/ may be omitted.
const typeName = (type: string): string => type.toLowerCase().replace(/^application\//, '');

/** Returns the issuer that a token claims, unverified. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    // The text is not a JWT; `authenticate` reports that.
    return undefined;
  }
}

function refusalOf(error: unknown, { audience }: TrustedIssuer): TokenRefusal {
  if (error instanceof IssuerUnreachable) {
    return {
      reason: 'issuer-unreachable',
      detail: "The keys of the token's issuer cannot be fetched. Retry in a few seconds.",
    };
  }
  if (error instanceof errors.JWTExpired) {
    return { reason: 'expired', detail: 'The token has expired. Request a new token from its issuer.' };
  }
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error, audience);
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return { reason: 'malformed', detail: 'The token is not a signed JWT.' };
  }
  // An algorithm that is not allowed, an unknown key, a key of another type, or a signature that does not match.
  return {
    reason: 'bad-signature',
    detail: 'The token is not signed by a key of its issuer with an allowed algorithm.',
  };
}

function claimRefusal({ claim, reason }: errors.JWTClaimValidationFailed, audience: string): TokenRefusal {
  if (claim === 'aud') return { reason: 'wrong-audience', detail: `The token's aud claim must contain ${audience}.` };
  if (claim === 'nbf' && reason === 'check_failed') {
    return { reason: 'not-yet-valid', detail: 'The token is not valid yet. Check the clock of its issuer.' };
  }
  return { reason: 'malformed', detail: `The token's ${claim} claim is ${reason}.` };
}
