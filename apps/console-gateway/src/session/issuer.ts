import { Inject, Injectable } from '@nestjs/common';
import { bodyWithin } from '@pagebridge/process';
import { CONFIG, LOG, Problem } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import * as oidc from 'openid-client';
import type { ConsoleGatewayConfig } from '../config.ts';
import { gatewayProblems as problems } from '../problems.ts';

/** What a login must remember until its callback. */
export interface LoginChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
}

/** What the issuer did when a session ended. */
export interface Ending {
  /** Whether no copy of the session can be renewed any more. */
  readonly isTokenRevoked: boolean;
  /** Where the browser ends the issuer's own session; undefined if the issuer has no such page or does not answer. */
  readonly endSessionUrl?: string;
}

export interface Person {
  readonly subject: string;
  readonly name: string;
}

/** An error that the issuer answers in the words of OAuth. */
type Refusal = oidc.ResponseBodyError | oidc.AuthorizationResponseError;

const timeoutSeconds = 5;
const maxBytes = 256 * 1024;

/** The OpenID provider at which people log in. It is asked for nothing before the first login. */
@Injectable()
export class Issuer {
  private discovered: oidc.Configuration | undefined;
  private discovering: Promise<oidc.Configuration> | undefined;
  private hasWarned = false;

  constructor(
    @Inject(CONFIG) private readonly config: ConsoleGatewayConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Returns where the browser is sent to log in. Throws 503 `issuer-unreachable`. */
  begin(): Promise<{ readonly url: string; readonly checks: LoginChecks }> {
    const { PUBLIC_URL, OIDC_SCOPE, OIDC_AUDIENCE } = this.config;
    const checks = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const begun = async (configuration: oidc.Configuration) => {
      const { href } = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: `${PUBLIC_URL}/callback`,
        scope: OIDC_SCOPE,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        ...this.resource,
        ...(OIDC_AUDIENCE ? { audience: OIDC_AUDIENCE } : {}),
      });
      return { url: href, checks };
    };
    // Asked anew: a browser that is sent to an issuer that is away would show an error of its own.
    return this.ask(begun, undefined, () => this.rediscovered());
  }

  /** Ends a login with the URL to which the issuer has sent the browser. Throws 403 `login-refused`, 503 `issuer-unreachable`. */
  complete(callback: URL, { state, nonce, verifier }: LoginChecks): Promise<Tokens & Person> {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    return this.ask(async (configuration) => {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, checks, this.resource);
      return { ...tokensIn(tokens), ...personIn(tokens.claims()) };
    }, loginRefused);
  }

  /** Uses a refresh token, which many issuers accept once. Throws 401 `session-over`, 503 `issuer-unreachable`. */
  async renew(refreshToken: string | undefined): Promise<Tokens> {
    if (refreshToken === undefined) throw sessionOver();
    const call = (configuration: oidc.Configuration) =>
      oidc.refreshTokenGrant(configuration, refreshToken, this.resource);
    return tokensIn(await this.ask(call, sessionOverIfEnded));
  }

  /** Ends a session at the issuer as far as the issuer can. Never rejects. */
  async end({ refreshToken, idToken }: Partial<Tokens>): Promise<Ending> {
    const configuration = await this.configuration().catch((error: unknown) => {
      this.log.warn({ cause: causeOf(error) }, 'issuer unreachable, session not ended there');
      return undefined;
    });
    if (!configuration) return { isTokenRevoked: !refreshToken };
    const { revocation_endpoint, end_session_endpoint } = configuration.serverMetadata();
    const isTokenRevoked =
      !refreshToken || (revocation_endpoint ? await this.revoked(configuration, refreshToken) : false);
    if (!end_session_endpoint) return { isTokenRevoked };
    const parameters = {
      post_logout_redirect_uri: `${this.config.PUBLIC_URL}/`,
      ...(idToken === undefined ? {} : { id_token_hint: idToken }),
    };
    return { isTokenRevoked, endSessionUrl: oidc.buildEndSessionUrl(configuration, parameters).href };
  }

  private async revoked(configuration: oidc.Configuration, refreshToken: string): Promise<boolean> {
    try {
      await oidc.tokenRevocation(configuration, refreshToken);
      return true;
    } catch (error) {
      // The cookie is gone all the same; the refresh token in a copy of it works until the issuer ends it.
      this.log.warn({ cause: causeOf(error) }, 'refresh token not revoked');
      return false;
    }
  }

  private get resource(): Record<string, string> {
    return this.config.OIDC_RESOURCE ? { resource: this.config.OIDC_RESOURCE } : {};
  }

  private async ask<T>(
    call: (configuration: oidc.Configuration) => Promise<T>,
    refused: (refusal: Refusal) => Problem | undefined = () => undefined,
    configuration = () => this.configuration(),
  ): Promise<T> {
    try {
      return await call(await configuration());
    } catch (error) {
      const problem = isRefusal(error) ? refused(error) : undefined;
      if (problem) throw problem;
      this.log.warn({ cause: causeOf(error) }, 'issuer unreachable or response invalid');
      const detail = `${this.config.OIDC_ISSUER} does not respond, or its response is not valid. Pages are still delivered. Retry in a few seconds.`;
      const extra = { retryAfterMs: 5000, service: 'the login service' };
      throw new Problem({ ...problems['issuer-unreachable'], detail }, extra);
    }
  }

  private async configuration(): Promise<oidc.Configuration> {
    return this.discovered ?? this.rediscovered();
  }

  /**
   * Returns what the issuer says of itself now. Anybody may begin a login, and many at once: those that ask at the same time share one
   * answer, and an issuer that does not answer stays known to renewals as it was.
   */
  private rediscovered(): Promise<oidc.Configuration> {
    this.discovering ??= this.discover().finally(() => {
      this.discovering = undefined;
    });
    return this.discovering;
  }

  private async discover(): Promise<oidc.Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.config;
    const issuer = new URL(OIDC_ISSUER);
    this.discovered = await oidc.discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, {
      timeout: timeoutSeconds,
      [oidc.customFetch]: boundedFetch,
      // The configuration admits http on loopback only.
      execute: issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
    });
    this.warnOnce(this.discovered.serverMetadata());
    return this.discovered;
  }

  private warnOnce({ revocation_endpoint, end_session_endpoint }: oidc.ServerMetadata): void {
    if (this.hasWarned || (revocation_endpoint && end_session_endpoint)) return;
    this.hasWarned = true;
    const lacks = [!revocation_endpoint && 'revocation_endpoint', !end_session_endpoint && 'end_session_endpoint'];
    this.log.warn({ lacks: lacks.filter(Boolean) }, 'issuer cannot end a session completely (docs/security.md)');
  }
}

async function boundedFetch(url: string, options: oidc.CustomFetchOptions): Promise<Response> {
  const response = await fetch(url, options as RequestInit);
  const body = await bodyWithin(maxBytes, response);
  if (!body) throw new TypeError(`the response of ${new URL(url).host} is larger than ${maxBytes} bytes`);
  return new Response(body.length === 0 ? null : body, response);
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof oidc.AuthorizationResponseError || (error instanceof oidc.ResponseBodyError && error.status < 500);

function loginRefused({ error, error_description: words }: Refusal): Problem {
  const detail = `The login service returned ${words ? `${error}: ${words}` : error}.`.slice(0, 300);
  return new Problem({ ...problems['login-refused'], detail });
}

// Other refusals, such as `invalid_client`, blame the console: a person who is logged out for them could not log in again.
const endings = new Set(['invalid_grant', 'interaction_required', 'login_required', 'consent_required']);
const sessionOverIfEnded = ({ error }: Refusal): Problem | undefined =>
  endings.has(error) ? sessionOver() : undefined;

function sessionOver(): Problem {
  const detail = 'The login service has ended this session. Sign in again.';
  return new Problem({ ...problems['session-over'], detail });
}

const tokensIn = ({ access_token, refresh_token, id_token }: oidc.TokenEndpointResponse): Tokens => ({
  accessToken: access_token,
  ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
  ...(id_token === undefined ? {} : { idToken: id_token }),
});

function personIn(claims: oidc.IDToken | undefined): Person {
  const names = [claims?.name, claims?.preferred_username, claims?.email, claims?.sub];
  const name = names.find((claim) => typeof claim === 'string' && claim !== '');
  return { subject: claims?.sub ?? '', name: String(name).slice(0, 100) };
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
