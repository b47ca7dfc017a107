import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { CONFIG, Problem, requireJson } from '@pagebridge/service';
import type { Request } from 'express';
import type { ConsoleGatewayConfig } from '../config.ts';
import { gatewayProblems as problems } from '../problems.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Admits a request that may change something only from the console's own page. Browsers name the origin of a request truthfully, and
 * send this header or JSON to another origin only if that permits it, which the gateway never does.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: ConsoleGatewayConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.headers.authorization !== undefined) {
      const detail = 'Programs send their tokens to the services (docs/http.md), not through the console.';
      throw new Problem({ ...problems['token-not-taken'], detail });
    }
    if (safe.has(request.method)) return true;
    if (!this.isOwnPage(request)) {
      const detail = 'The console accepts this request only from its own origin, with x-pagebridge-console: 1.';
      throw new Problem({ ...problems['foreign-page'], detail });
    }
    requireJson(request);
    return true;
  }

  private isOwnPage({ headers }: Request): boolean {
    const site = headers['sec-fetch-site'];
    const isSameOrigin = site === undefined ? headers.origin === this.config.PUBLIC_URL : site === 'same-origin';
    return isSameOrigin && headers['x-pagebridge-console'] === '1';
  }
}
