import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { TrustedIssuer } from '../policy/policy.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { discoverKeys } from './discover-keys.ts';

/** A token cannot be verified now, since the keys of its issuer cannot be fetched. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Called for each failed call to an issuer. */
export type OnUnreachable = (issuer: string, detail: string) => void;

// One call finds the URL of the keys, a second fetches them: four seconds at most.
const callTimeoutMs = 2000;
const maxAgeMs = 10 * 60_000;
// The minimum interval between two fetches for a key id that is not among the known keys.
const keyCooldownMs = 30_000;

/**
 * Returns a function that finds the key of a token among the keys of one issuer. They are fetched on first use, after ten
 * minutes, and when a token names an unknown key. Without `jwksUri` each fetch first discovers the URL, since it may change.
 *
 * Rejects with IssuerUnreachable if the keys cannot be fetched, and with the error of jose if the issuer has no such key.
 */
export function issuerKeys({ issuer, jwksUri }: TrustedIssuer, onUnreachable: OnUnreachable): JWTVerifyGetKey {
  const call = withCooldown((detail) => onUnreachable(issuer, detail));
  const fetchKeys = async (init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> => {
    const response = jwksUri
      ? await boundedFetch(jwksUri, init)
      : await boundedFetch(await discoverKeys(issuer, init.signal), {
          ...init,
          signal: AbortSignal.timeout(callTimeoutMs),
        });
    // Throws if these are not valid keys, which also counts as a failed call.
    createLocalJWKSet((await response.clone().json()) as JSONWebKeySet);
    return response;
  };
  // Without `jwksUri` this URL is only a placeholder: `fetchKeys` discovers the real one.
  const keySet = createRemoteJWKSet(new URL(jwksUri ?? issuer), {
    timeoutDuration: callTimeoutMs,
    cooldownDuration: keyCooldownMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: (_url, init) => call(() => fetchKeys(init)),
  });
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnreachable('fetching the keys of the issuer failed', { cause: error });
    }
  };
}

const failureCooldownMs = 5000;

/** Returns a function that makes calls, but none within five seconds after a failure, so that not every token causes a call. */
function withCooldown(onFailure: (detail: string) => void) {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async <T>(make: () => Promise<T>): Promise<T> => {
    if (performance.now() - failedAt < failureCooldownMs)
      throw new Error('a call to the issuer failed less than 5 seconds ago');
    try {
      return await make();
    } catch (error) {
      failedAt = performance.now();
      const { message, cause } = error as Error;
      onFailure(cause instanceof Error ? `${message}: ${cause.message}` : message);
      throw error;
    }
  };
}
