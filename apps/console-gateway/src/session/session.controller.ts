import { readFileSync } from 'node:fs';
import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { CONFIG, Problem } from '@pagebridge/service';
import type { Request, Response } from 'express';
import type { ConsoleGatewayConfig } from '../config.ts';
import { originsOf, services } from '../services.ts';
import { Issuer } from './issuer.ts';
import { expiryOf, mustRenew, type Session } from './session.ts';
import { Sessions } from './sessions.ts';

const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { readonly version: string };

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

@Controller()
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    private readonly issuer: Issuer,
    @Inject(CONFIG) private readonly config: ConsoleGatewayConfig,
  ) {}

  @Get('session')
  async show(@Req() request: Request): Promise<object> {
    return this.answer(await this.sessions.of(request));
  }

  /** Uses the refresh token, which many issuers accept once: the page sees to it that only one of its tabs asks. */
  @Post('session/renew')
  @HttpCode(200)
  async renew(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    const session = await this.sessions.of(request);
    try {
      const renewed = { ...session, ...(await this.issuer.renew(session.refreshToken)) };
      await this.sessions.keep(response, renewed);
      return this.answer(renewed);
    } catch (error) {
      if (error instanceof Problem && error.getStatus() === 401) this.sessions.forget(response);
      throw error;
    }
  }

  @Post('logout')
  @HttpCode(200)
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    const session = await this.sessions.find(request);
    this.sessions.forget(response);
    return { issuer: this.config.OIDC_ISSUER, ...(await this.issuer.end(session ?? {})) };
  }

  /** What the page knows of a session: nothing of its tokens but when they end, and whether the page must renew it now. */
  private answer(session: Session): object {
    const { name, subject, accessToken, endsAt } = session;
    return {
      name,
      issuer: this.config.OIDC_ISSUER,
      subject,
      mustRenew: mustRenew(session),
      expiresAt: timeOf(expiryOf(accessToken) ?? 0),
      sessionEndsAt: timeOf(endsAt),
      services: services.filter((service) => originsOf(this.config)[service] !== undefined),
      helpText: this.config.CONSOLE_HELP_TEXT,
      version,
    };
  }
}
