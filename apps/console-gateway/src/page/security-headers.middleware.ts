import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { CONFIG } from '@pagebridge/service';
import type { NextFunction, Request, Response } from 'express';
import type { ConsoleGatewayConfig } from '../config.ts';

/** Replaces two of the headers that every service has: a page runs here, and a browser may reach it by http on this machine. */
@Injectable()
export class SecurityHeaders implements NestMiddleware {
  private readonly isHttps: boolean;

  constructor(@Inject(CONFIG) { PUBLIC_URL }: ConsoleGatewayConfig) {
    this.isHttps = PUBLIC_URL.startsWith('https:');
  }

  use(_request: Request, response: Response, next: NextFunction): void {
    const nonce = randomBytes(16).toString('base64');
    response.locals.nonce = nonce;
    response.setHeader('content-security-policy', policyWith(nonce));
    if (!this.isHttps) response.removeHeader('strict-transport-security');
    next();
  }
}

const policyWith = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; ` +
  "font-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
