import { apiTokenPrefix } from './api-tokens/token-form.ts';
import type { Authenticator } from './authenticator.ts';

/** Asks one authenticator for API tokens, and another for all the rest. */
export const byPrefix = (apiTokens: Authenticator, accessTokens: Authenticator): Authenticator => ({
  authenticate: (token) => (token?.startsWith(apiTokenPrefix) ? apiTokens : accessTokens).authenticate(token),
});

/** Where API tokens are off. */
export const noApiTokens: Authenticator = {
  async authenticate() {
    return { refusal: { reason: 'tokens-off', detail: 'API tokens are off here: send an access token of an issuer.' } };
  },
};
