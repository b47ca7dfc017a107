import { type Identity, ownIssuer } from './identity.ts';
import { permissions } from './permissions.ts';

/** Why a token is not believed: a word for programs, and what its bearer can do about it. */
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
    /** Not the bearer's fault: nothing can be said of the token now. */
    | 'issuer-unreachable'
    | 'policy-unusable'
    | 'tokens-stale'
    | 'tokens-off';
  readonly detail: string;
}

export type Authentication = { readonly identity: Identity } | { readonly refusal: TokenRefusal };

/** Says who the bearer of a token is. */
export interface Authenticator {
  /** Never rejects for anything that a token may be; undefined where the request carries none. */
  authenticate(token: string | undefined): Promise<Authentication>;
}

/** Where access is off: everybody is the same stranger, and may do everything. */
export const openAccess: Authenticator = {
  async authenticate() {
    return { identity: anonymous };
  },
};

/** Nobody in particular: who asks where access is off. */
export const anonymous: Identity = {
  issuer: ownIssuer,
  subject: 'anonymous',
  grants: [{ sourceOrg: '*', permissions: new Set(permissions) }],
};
