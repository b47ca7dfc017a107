import { decodeJwt } from 'jose';

/** A person's login, as the browser holds it sealed in a cookie; the gateway holds nothing. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Names the session to the issuer when it is ended; left out if the cookies cannot hold it. */
  readonly idToken?: string;
  readonly subject: string;
  readonly name: string;
  /** Seconds since 1970, as in the tokens. */
  readonly endsAt: number;
}

/** Seconds after which a person logs in again, however often the session was renewed. */
export const sessionSeconds = 12 * 60 * 60;

// A token that a service gets in the last moment would have expired on its way.
const expiryMarginSeconds = 5;

export const nowSeconds = (): number => Date.now() / 1000;

/** Returns when an access token expires, in seconds since 1970; undefined if it is none that a service could check. */
export function expiryOf(accessToken: string): number | undefined {
  try {
    return decodeJwt(accessToken).exp;
  } catch {
    // An opaque token, which only its issuer understands.
    return undefined;
  }
}

/** Returns whether the access token of a session must be renewed before it is used. */
export const mustRenew = ({ accessToken }: Session): boolean =>
  (expiryOf(accessToken) ?? 0) - nowSeconds() < expiryMarginSeconds;
