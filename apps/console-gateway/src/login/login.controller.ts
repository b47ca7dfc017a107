import { Controller, Get, Inject, Query, Req, Res, UseFilters } from '@nestjs/common';
import { CONFIG, Problem } from '@pagebridge/service';
import type { Request, Response } from 'express';
import type { ConsoleGatewayConfig } from '../config.ts';
import { gatewayProblems as problems } from '../problems.ts';
import { Issuer } from '../session/issuer.ts';
import { expiryOf, nowSeconds, sessionSeconds } from '../session/session.ts';
import { Sessions } from '../session/sessions.ts';
import { LOGINS, type LoginCounter } from './login-counter.ts';
import { LoginProblemFilter } from './login-problem.filter.ts';
import { PendingLogins } from './pending-logins.ts';
import { returnTarget } from './return-target.ts';

/** The login of a person by an authorization code, with PKCE. Its answers are pages and redirects, not JSON. */
@Controller()
@UseFilters(LoginProblemFilter)
export class LoginController {
  constructor(
    private readonly issuer: Issuer,
    private readonly pending: PendingLogins,
    private readonly sessions: Sessions,
    @Inject(LOGINS) private readonly logins: LoginCounter,
    @Inject(CONFIG) private readonly config: ConsoleGatewayConfig,
  ) {}

  @Get('login')
  async login(@Req() request: Request, @Res() response: Response, @Query('return') target: unknown): Promise<void> {
    const returnTo = returnTarget(target);
    response.locals.returnTo = returnTo;
    if (this.sessions.hasJustBegun(request)) {
      // The next try is one of the person, who has read why.
      this.sessions.allowLogin(response);
      const detail =
        'You signed in less than 30 seconds ago. This browser may block the cookies of the console, or the services may reject the ' +
        'token of the login. See the logs of the services.';
      throw new Problem({ ...problems['login-loop'], detail });
    }
    const { url, checks } = await this.issuer.begin();
    await this.pending.keep(request, response, { ...checks, returnTo });
    response.redirect(url);
  }

  @Get('callback')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { PUBLIC_URL } = this.config;
    const pending = await this.pending.redeem(request, response, request.query.state);
    if (!pending) {
      // Another tab was faster, or this one was loaded again.
      if (await this.sessions.find(request)) return response.redirect(`${PUBLIC_URL}/`);
      const detail =
        'The login took longer than 10 minutes, or started in another browser or at another address of the console.';
      throw new Problem({ ...problems['login-expired'], detail });
    }
    const { returnTo, ...checks } = pending;
    response.locals.returnTo = returnTo;
    const { search } = new URL(request.originalUrl, PUBLIC_URL);
    const login = await this.issuer.complete(new URL(`${PUBLIC_URL}/callback${search}`), checks);
    if (expiryOf(login.accessToken) === undefined) {
      const detail =
        'The services require signed access tokens (JWT) that expire. Ask your operator to set OIDC_RESOURCE, OIDC_AUDIENCE or ' +
        'OIDC_SCOPE of console-gateway as the login service requires.';
      throw new Problem({
        ...problems['token-unusable'],
        detail,
      });
    }
    await this.sessions.begin(response, { ...login, endsAt: Math.floor(nowSeconds()) + sessionSeconds });
    this.logins.inc({ result: 'completed' });
    response.redirect(PUBLIC_URL + returnTo);
  }
}
