import { All, Controller, Req, Res } from '@nestjs/common';
import { Problem, serviceProblems } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { gatewayProblems as problems } from '../problems.ts';
import { mustRenew, type Session } from '../session/session.ts';
import { Sessions } from '../session/sessions.ts';
import { routesAt } from './proxied-routes.ts';
import { Upstreams } from './upstreams.ts';

/** Passes the documented routes of the services on, each request with the token of its person. Nothing else is reached through it. */
@Controller('v1')
export class ProxyController {
  constructor(
    private readonly sessions: Sessions,
    private readonly upstreams: Upstreams,
  ) {}

  @All('*path')
  async pass(@Req() request: Request, @Res() response: Response): Promise<void> {
    const routes = routesAt(request.path);
    if (!routes) {
      const detail = `The console does not forward requests to ${request.path}.`;
      throw new Problem({ ...serviceProblems['not-found'], detail });
    }
    const route = routes.get(request.method);
    if (!route) {
      const methods = [...routes.keys()].join(', ');
      response.setHeader('allow', methods);
      const detail = `This path does not support ${request.method}; it supports ${methods}.`;
      throw new Problem({ ...serviceProblems['method-not-allowed'], detail });
    }
    const session = await this.sessions.of(request);
    if (mustRenew(session)) {
      // The page renews, and sends the request again: nothing of it has left the gateway.
      const detail =
        'The access token has expired, so the request was not forwarded. Send POST /session/renew, then retry the request.';
      throw new Problem({ ...problems['session-renew'], detail });
    }
    if (route.mayChange) requireSame(session, request);
    await this.upstreams.pass(request, response, route, session.accessToken);
  }
}

/** A page knows the person whom it was opened for; meanwhile somebody else may have signed in with this browser. */
function requireSame({ subject, name }: Session, { headers }: Request): void {
  const opened = headers['x-pagebridge-subject'];
  if (opened === undefined || opened === encodeURIComponent(subject)) return;
  const detail = `This page was opened by somebody else, but ${name} is signed in now. Nothing was sent. Reload the page.`;
  throw new Problem({ ...problems['other-person'], detail });
}
