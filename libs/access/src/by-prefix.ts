import { apiTokenPrefix } from './api-tokens/token-form.ts';
import type { Authenticator } from './authenticator.ts';

/** Returns an authenticator that delegates by the prefix of a token: API tokens to the first, all others to the second. */
export const byPrefix = (apiTokens: Authenticator, accessTokens: Authenticator): Authenticator => ({
  authenticate: (token) => (token?.startsWith(apiTokenPrefix) ? apiTokens : accessTokens).authenticate(token),
});

/** The authenticator for API tokens while they are off: it refuses all of them. */
export const noApiTokens: Authenticator = {
  async authenticate() {
    return {
      refusal: {
        reason: 'tokens-off',
        detail: 'This service does not accept API tokens. Send an access token of an issuer.',
      },
    };
  },
};
