import { type Identity, ownIssuer } from './identity.ts';
import { permissions } from './permissions.ts';

/** Why a token is rejected: a machine-readable reason, and a sentence that tells the caller what to do. */
export interface TokenRefusal {
  readonly reason:
    | 'no-token'
    | 'malformed'
    | 'expired'
    | 'not-yet-valid'
    | 'unknown-issuer'
    | 'wrong-audience'
    | 'wrong-type'
    | 'bad-signature'
    | 'unknown-token'
    | 'revoked'
    /** The token cannot be checked; the caller is not at fault. */
    | 'issuer-unreachable'
    | 'policy-unusable'
    | 'tokens-stale'
    | 'tokens-off';
  readonly detail: string;
}

export type Authentication = { readonly identity: Identity } | { readonly refusal: TokenRefusal };

/** Identifies callers by their tokens. */
export interface Authenticator {
  /** Never rejects, whatever the token is. `token` is undefined if the request carries none. */
  authenticate(token: string | undefined): Promise<Authentication>;
}

/** The authenticator while access is off: every caller is `anonymous` and may do everything. */
export const openAccess: Authenticator = {
  async authenticate() {
    return { identity: anonymous };
  },
};

/** The identity of every caller while access is off. */
export const anonymous: Identity = {
  issuer: ownIssuer,
  subject: 'anonymous',
  grants: [{ sourceOrg: '*', permissions: new Set(permissions) }],
};
