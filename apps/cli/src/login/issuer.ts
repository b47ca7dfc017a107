import { bodyWithin } from '@pagebridge/access';
import { UsageError } from '@pagebridge/programs';
import { printable } from '@pagebridge/vocabulary';
import * as oidc from 'openid-client';
import type { Chosen } from '../contexts/chosen-context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Login } from './login-store.ts';

const timeoutSeconds = 10;
const mostBytes = 256 * 1024;

/** The OpenID provider of a context. */
export class Issuer {
  private constructor(
    private readonly url: string,
    private readonly configuration: oidc.Configuration,
    private readonly wish: Readonly<Record<string, string>>,
    private readonly scope: string,
  ) {}

  /** Asks the provider where its endpoints are. Throws CommandError. */
  static async of({ name, context }: Chosen): Promise<Issuer> {
    const { issuer, 'client-id': clientId, resource, audience, scopes = 'openid offline_access' } = context;
    if (issuer === undefined || clientId === undefined) {
      throw new UsageError(
        `the context ${name} has no issuer and client-id: pagebridge contexts set, or give --token-file`,
      );
    }
    const url = new URL(issuer);
    const configuration = await asked(issuer, () =>
      oidc.discovery(url, clientId, undefined, oidc.None(), {
        timeout: timeoutSeconds,
        [oidc.customFetch]: boundedFetch,
        // A context admits http on loopback only.
        execute: url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
      }),
    );
    const wish = { ...(resource ? { resource } : {}), ...(audience ? { audience } : {}) };
    return new Issuer(issuer, configuration, wish, scopes);
  }

  /** Logs a person in by a code that a browser of any machine confirms (RFC 8628). Throws CommandError. */
  async logIn(say: (message: string) => void): Promise<Login> {
    if (!this.configuration.serverMetadata().device_authorization_endpoint) {
      throw new UsageError(
        `${this.url} has no login by a code (device flow): give --token-file, or set a token-command`,
      );
    }
    const started = await asked(this.url, () =>
      oidc.initiateDeviceAuthorization(this.configuration, { scope: this.scope, ...this.wish }),
    );
    const { verification_uri: page, verification_uri_complete: complete, user_code: code } = started;
    say(`Open ${complete ?? page}`);
    say(`and confirm the code ${code}`);
    return this.loginIn(
      await asked(this.url, () => oidc.pollDeviceAuthorizationGrant(this.configuration, started, this.wish)),
    );
  }

  /** Throws CommandError, with exit code 4 if the provider has ended the login. */
  async renew(refreshToken: string): Promise<Login> {
    const answer = await asked(this.url, () => oidc.refreshTokenGrant(this.configuration, refreshToken, this.wish));
    return { refreshToken, ...this.loginIn(answer) };
  }

  /** Makes a refresh token useless, if the provider can. Throws CommandError. */
  async revoke(refreshToken: string): Promise<void> {
    if (!this.configuration.serverMetadata().revocation_endpoint) return;
    await asked(this.url, () => oidc.tokenRevocation(this.configuration, refreshToken));
  }

  private loginIn(answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): Login {
    const seconds = answer.expiresIn();
    return {
      accessToken: answer.access_token,
      ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
      ...(seconds === undefined ? {} : { expiresAt: Date.now() + seconds * 1000 }),
      issuer: this.url,
    };
  }
}

/** Turns what openid-client throws into a CommandError. */
async function asked<T>(issuer: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.status < 500) {
      const words = [error.error, error.error_description].filter(Boolean).join(': ');
      throw new CommandError(exitCodes.notAllowed, printable(`${issuer} refuses: ${words}`));
    }
    const { message, cause } = error as Error;
    const why = cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
    throw new CommandError(exitCodes.unavailable, printable(`${issuer} does not answer as it should: ${why}`));
  }
}

async function boundedFetch(url: string, options: oidc.CustomFetchOptions): Promise<Response> {
  const response = await fetch(url, options as RequestInit);
  const body = await bodyWithin(mostBytes, response);
  if (!body) throw new TypeError(`the answer of ${new URL(url).host} is larger than ${mostBytes} bytes`);
  return new Response(body.length === 0 ? null : body, response);
}
