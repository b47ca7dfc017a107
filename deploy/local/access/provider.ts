import { randomBytes } from 'node:crypto';
import { type ClientMetadata, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { audience, cliClient, consoleClient, people, readAccessKeys, resource } from './clients.ts';
import { pageWith, signInAs } from './login-pages.ts';

/*
 * An OpenID provider in its own process. Programs get tokens for their secrets; people log in with one click, since whoever reaches this
 * port on loopback may be any of them.
 */

// Two hours cover a first trial: nothing renews a token that was pasted into a shell.
const programSeconds = 2 * 60 * 60;

const { ISSUER = '', ACCESS_KEYS_FILE = '', CONSOLE_URL = '', ACCESS_TOKEN_SECONDS = '600' } = process.env;
const { hostname, port } = new URL(ISSUER);
// A test stands at the address of the issuer itself, and passes on what it sees.
const { PORT = port } = process.env;
const { signingKey, secrets } = readAccessKeys(ACCESS_KEYS_FILE);

const signed = { id_token_signed_response_alg: 'ES256' } as const;
const programs = Object.entries(secrets).map(
  ([name, secret]): ClientMetadata => ({
    ...signed,
    client_id: name,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  }),
);
const cli: ClientMetadata = {
  ...signed,
  client_id: cliClient,
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  redirect_uris: [],
  response_types: [],
};
const consoleAt = (url: string): ClientMetadata => ({
  ...signed,
  client_id: consoleClient,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: [`${url}/callback`],
  post_logout_redirect_uris: [`${url}/`],
});

const button = (form: string): string => `<button autofocus form="${form}">Continue</button>`;

const provider = new Provider(ISSUER, {
  jwks: { keys: [signingKey] },
  clients: [...programs, cli, ...(CONSOLE_URL === '' ? [] : [consoleAt(CONSOLE_URL)])],
  // Logins end with this process, so no cookie has to outlive a restart.
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  claims: { profile: ['name'] },
  conformIdTokenClaims: false,
  findAccount: (_ctx, id) => (isPerson(id) ? { accountId: id, claims: () => ({ sub: id, name: id }) } : undefined),
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  loadExistingGrant: grantOf,
  ttl: { AccessToken: Number(ACCESS_TOKEN_SECONDS), ClientCredentials: programSeconds },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form) => {
        ctx.body = pageWith('Enter the code from your terminal', form, button('op.deviceInputForm'));
      },
      userCodeConfirmSource: (ctx, form, _client, _info, code) => {
        ctx.body = pageWith(`Does your terminal show ${code}?`, form, button('op.deviceConfirmForm'));
      },
      successSource: (ctx) => {
        ctx.body = pageWith('Signed in. Return to your terminal.');
      },
    },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => {
        const answer = '<input type="hidden" form="op.logoutForm" name="logout" value="yes">';
        // The person has chosen to sign out already.
        const submit = '<script>document.forms[0].submit()</script>';
        ctx.body = pageWith('Signing out', form, answer, button('op.logoutForm'), submit);
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience,
        scope: '',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});

const isPerson = (id: string): boolean => people.some(({ name }) => name === id);

/** Returns what a person has granted a client. Nobody is asked: the clients are ours. */
async function grantOf({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider: its } = oidc;
  const known = session?.grantIdFor(client?.clientId ?? '');
  const grant = known ? await its.Grant.find(known) : undefined;
  if (grant) return grant;
  const granted = new its.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  granted.addOIDCScope('openid profile offline_access');
  await granted.save();
  return granted;
}

// The path to which the library sends a browser that is not logged in, and below it the person that it chooses.
provider.use(async (ctx, next) => {
  const [, interaction, person] = /^(\/interaction\/[\w-]+)(?:\/(\w+))?$/.exec(ctx.path) ?? [];
  if (interaction === undefined) return next();
  if (person === undefined) {
    ctx.type = 'html';
    ctx.body = signInAs(interaction);
  } else if (ctx.method === 'POST' && isPerson(person)) {
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: person } });
  }
});

provider.listen(Number(PORT), hostname);
