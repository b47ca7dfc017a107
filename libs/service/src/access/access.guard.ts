import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Authenticator, decide } from '@pagebridge/access';
import type { Response } from 'express';
import { AUTHENTICATOR } from '../tokens.ts';
import type { IdentifiedRequest } from './identity-of.decorator.ts';
import { challengeOf, foreignOrg, missingPermission, refusedToken } from './problems.ts';
import { type OrgPlace, ROUTE_ACCESS, type RouteAccess } from './requires.decorator.ts';

/** Admits a request only if its route is public, or its token is accepted and has the permissions that the route requires. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = this.reflector.get<RouteAccess | undefined>(ROUTE_ACCESS, context.getHandler());
    if (access === 'public') return true;
    // `requireDeclaredRoutes` keeps a service with such a route from starting. Deny the request here as well.
    if (access === undefined) return false;
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const authentication = await this.authenticator.authenticate(bearerOf(request.headers.authorization));
    if ('refusal' in authentication) {
      const challenge = challengeOf(authentication.refusal);
      if (challenge) response.setHeader('www-authenticate', challenge);
      throw refusedToken(authentication.refusal);
    }
    request.identity = authentication.identity;
    const sourceOrg = orgOf(request, access.org);
    if (sourceOrg !== undefined) request.sourceOrg = sourceOrg;
    const need = { permissions: access.permissions, ...(sourceOrg === undefined ? {} : { sourceOrg }) };
    const decision = decide(authentication.identity, need);
    if (decision.kind === 'foreign-org') throw foreignOrg();
    if (decision.kind === 'missing-permission') throw missingPermission(decision.permission);
    return true;
  }
}

const bearerOf = (header: string | undefined): string | undefined => /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];

// An org that is not a string becomes '': only an operator passes the guard with it, and the route's validation refuses it.
function orgOf({ params, body }: IdentifiedRequest, place: OrgPlace): string | undefined {
  if (place === 'none') return undefined;
  const org: unknown = place === 'path' ? params.org : place(body);
  return typeof org === 'string' ? org : '';
}
