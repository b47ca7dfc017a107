import { UsageError } from '@pagebridge/process';
import { printable } from '@pagebridge/vocabulary';
import * as oidc from 'openid-client';
import type { Chosen } from '../contexts/chosen-context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { boundedFetch } from '../http/bounded-fetch.ts';
import type { Login } from './login-store.ts';

const timeoutMs = 10_000;

/** Logs a person in by a code that a browser of any machine confirms (RFC 8628). Throws CommandError. */
export const logIn = (chosen: Chosen, say: (message: string) => void): Promise<Login> =>
  asking(chosen, async (issuer, wish) => {
    if (!issuer.serverMetadata().device_authorization_endpoint) {
      throw new UsageError(
        'the provider does not support the device flow\nhint: use --token-file, or set a token-command',
      );
    }
    const { scopes = 'openid offline_access' } = chosen.context;
    const started = await oidc.initiateDeviceAuthorization(issuer, { scope: scopes, ...wish });
    say(`Open ${started.verification_uri_complete ?? started.verification_uri}`);
    say(`and confirm the code ${started.user_code}`);
    return loginIn(chosen, await oidc.pollDeviceAuthorizationGrant(issuer, started, wish));
  });

/** Returns a fresh login. Throws CommandError, with exit code 4 if the provider has ended it. */
export const renewed = (chosen: Chosen, refreshToken: string): Promise<Login> =>
  asking(chosen, async (issuer, wish) => {
    const answer = await oidc.refreshTokenGrant(issuer, refreshToken, wish);
    return { refreshToken, ...loginIn(chosen, answer) };
  });

/** Makes a refresh token useless, if the provider can. Throws CommandError. */
export const revoke = (chosen: Pick<Chosen, 'name' | 'context'>, refreshToken: string): Promise<void> =>
  asking(chosen, async (issuer) => {
    if (issuer.serverMetadata().revocation_endpoint) await oidc.tokenRevocation(issuer, refreshToken);
  });

function loginIn(
  { context: { issuer = '' } }: Chosen,
  answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
): Login {
  const seconds = answer.expiresIn();
  return {
    ...{ accessToken: answer.access_token, issuer },
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(seconds === undefined ? {} : { expiresAt: Date.now() + seconds * 1000 }),
  };
}

/** Asks the provider of a context, after where its endpoints are. Turns what openid-client throws into a CommandError. */
async function asking<T>(
  { name, context }: Pick<Chosen, 'name' | 'context'>,
  call: (issuer: oidc.Configuration, wish: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { issuer, 'client-id': clientId, resource, audience } = context;
  if (issuer === undefined || clientId === undefined) {
    throw new UsageError(
      `the context ${name} has no issuer or client-id\nhint: run pagebridge contexts set, or use --token-file`,
    );
  }
  try {
    const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      [oidc.customFetch]: (url, options) => boundedFetch(url, options as RequestInit, timeoutMs),
      // A context admits http on loopback only.
      execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
    });
    return await call(configuration, { ...(resource ? { resource } : {}), ...(audience ? { audience } : {}) });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof oidc.ResponseBodyError && error.status < 500) {
      const words = [error.error, error.error_description].filter(Boolean).join(': ');
      throw new CommandError(exitCodes.notAllowed, printable(`${issuer} rejected the login: ${words}`));
    }
    const { message, cause } = error as Error;
    const why = cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
    throw new CommandError(exitCodes.unavailable, printable(`invalid response from ${issuer}: ${why}`));
  }
}
