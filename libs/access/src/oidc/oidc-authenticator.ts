import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Authentication, Authenticator, TokenRefusal } from '../authenticator.ts';
import { grantsOf } from '../policy/grants-of.ts';
import type { Policy, TrustedIssuer } from '../policy/policy.ts';
import { IssuerUnreachable, issuerKeys, type OnUnreachable } from './issuer-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

// Headers of 16 KiB are all that Node reads; a token of a person in a hundred groups has 5.
const maxLength = 8192;
const clockToleranceSeconds = 30;
const subject = /^[^\p{C}]{1,255}$/u;

interface Trust {
  readonly keys: JWTVerifyGetKey;
  readonly verified: VerifiedTokens;
}

/** Believes access tokens of the issuers of a policy, which it asks for at each token. */
export class OidcAuthenticator implements Authenticator {
  // A policy that is loaded anew has issuers of its own, and begins with their keys.
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
      return refused('policy-unusable', 'The policy here cannot be used; whoever runs this finds in its log why.');
    const claimed = issuerOf(token);
    if (claimed === undefined) return refused('malformed', 'The token is no signed JWT that names its issuer.');
    const issuer = policy.issuers.get(claimed);
    if (!issuer) return refused('unknown-issuer', 'The policy trusts no such issuer as the token names.');
    try {
      return await this.verify(token, issuer, policy);
    } catch (error) {
      return { refusal: refusalOf(error, issuer) };
    }
  }

  private async verify(token: string, its: TrustedIssuer, policy: Policy): Promise<Authentication> {
    const { keys, verified } = this.trustIn(its);
    const known = verified.claimsOf(token);
    if (known) return identified(known, its, policy);
    const { issuer, audience, algorithms, types } = its;
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    });
    if (!types.map(plain).includes(plain(protectedHeader.typ ?? 'untyped'))) {
      return refused('wrong-type', `The token's header typ must be ${types.join(' or ')}: send an access token.`);
    }
    if (typeof payload.sub !== 'string' || !subject.test(payload.sub)) {
      return refused('malformed', "The token's sub must be a text of 1 to 255 characters.");
    }
    verified.keep(token, payload);
    return identified(payload, its, policy);
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

// RFC 7515, 4.1.9: without a slash, application/ is meant.
const plain = (type: string): string => type.toLowerCase().replace(/^application\//, '');

/** Who a token says that it is from; whether that is so is for its signature to tell. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    // Whatever it is, it is no JWT; that is what the caller is told.
    return undefined;
  }
}

function refusalOf(error: unknown, { audience }: TrustedIssuer): TokenRefusal {
  if (error instanceof IssuerUnreachable) {
    return {
      reason: 'issuer-unreachable',
      detail: "The token's issuer does not answer with its keys; ask again soon.",
    };
  }
  if (error instanceof errors.JWTExpired) {
    return { reason: 'expired', detail: 'The token has expired; fetch another from its issuer.' };
  }
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error, audience);
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return { reason: 'malformed', detail: 'The token is no signed JWT.' };
  }
  // Another algorithm, no such key, a key that does not fit, a signature that is not of these bytes.
  return {
    reason: 'bad-signature',
    detail: 'The token is not signed by a key of its issuer in a way that is believed.',
  };
}

function claimRefusal({ claim, reason }: errors.JWTClaimValidationFailed, audience: string): TokenRefusal {
  if (claim === 'aud') return { reason: 'wrong-audience', detail: `The token's aud must hold ${audience}.` };
  if (claim === 'nbf' && reason === 'check_failed') {
    return { reason: 'not-yet-valid', detail: 'The token is not valid yet; is the clock of its issuer right?' };
  }
  return { reason: 'malformed', detail: `The token's claim ${claim} is ${reason}.` };
}
