import { randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { audience, readAccessKeys } from './clients.ts';

/* An OpenID provider in its own process; issues a token only for a client's secret. */

// Two hours cover a first trial: nothing renews a token that was pasted into a shell.
const tokenSeconds = 2 * 60 * 60;

const { ISSUER = '', ACCESS_KEYS_FILE = '' } = process.env;
const { signingKey, secrets } = readAccessKeys(ACCESS_KEYS_FILE);

const provider = new Provider(ISSUER, {
  jwks: { keys: [signingKey] },
  clients: Object.entries(secrets).map(([name, secret]) => ({
    client_id: name,
    client_secret: secret,
    grant_types: ['client_credentials'],
    id_token_signed_response_alg: 'ES256',
    redirect_uris: [],
    response_types: [],
  })),
  // Nobody logs in here, so no cookie has to outlive a restart.
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => `urn:${audience}`,
      getResourceServerInfo: () => ({
        audience,
        scope: '',
        accessTokenFormat: 'jwt',
        accessTokenTTL: tokenSeconds,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});

const { hostname, port } = new URL(ISSUER);
provider.listen(Number(port), hostname);
