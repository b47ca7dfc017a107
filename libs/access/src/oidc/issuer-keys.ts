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

/** Nothing can be said of a token now, since the keys of its issuer cannot be had. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Told of each call to an issuer that failed. */
export type OnUnreachable = (issuer: string, detail: string) => void;

// Where the keys are, then the keys: four seconds at most.
const callTimeoutMs = 2000;
const maxAgeMs = 10 * 60_000;
// Least time between two looks for a key that the issuer does not have.
const keyRestMs = 30_000;

/**
 * The keys of one issuer, fetched when they are first needed, every ten minutes, and when a token names one that is new.
 * Where the issuer is to say where they are, it is asked each time, since it may move them.
 *
 * Rejects with IssuerUnreachable where they cannot be had, with jose's own error where the issuer has no such key.
 */
export function issuerKeys({ issuer, jwksUri }: TrustedIssuer, onUnreachable: OnUnreachable): JWTVerifyGetKey {
  const call = calls((detail) => onUnreachable(issuer, detail));
  const fetchKeys = async (init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> => {
    const response = jwksUri
      ? await boundedFetch(jwksUri, init)
      : await boundedFetch(await discoverKeys(issuer, init.signal), {
          ...init,
          signal: AbortSignal.timeout(callTimeoutMs),
        });
    // Throws where these are no keys: that is a call that failed, too.
    createLocalJWKSet((await response.clone().json()) as JSONWebKeySet);
    return response;
  };
  // Its URL is not fetched where the issuer is to say the true one.
  const keySet = createRemoteJWKSet(new URL(jwksUri ?? issuer), {
    timeoutDuration: callTimeoutMs,
    cooldownDuration: keyRestMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: (_url, init) => call(() => fetchKeys(init)),
  });
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnreachable('its keys cannot be had', { cause: error });
    }
  };
}

const failureRestMs = 5000;

/** Makes calls, but none for five seconds after one that failed: nobody who sends tokens makes us call for each. */
function calls(onFailure: (detail: string) => void) {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async <T>(make: () => Promise<T>): Promise<T> => {
    if (performance.now() - failedAt < failureRestMs) throw new Error('it could not be reached a moment ago');
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
