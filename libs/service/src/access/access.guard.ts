import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Authenticator, decide, type Identity } from '@pagebridge/access';
import type { Response } from 'express';
import { Bodies } from '../http/bodies.ts';
import { AUTHENTICATOR } from '../tokens.ts';
import type { IdentifiedRequest } from './identity-of.decorator.ts';
import { foreignOrg, missingPermission, refusedToken } from './problems.ts';
import { type OrgPlace, ROUTE_ACCESS, type RouteAccess } from './requires.decorator.ts';

/**
 * Admits a request only if its route is public, or its token is accepted and has the permissions that the route requires. Reads the body
 * in between, because it may name the source org: that of a caller without a valid token is not read.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
    private readonly bodies: Bodies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = context.getHandler();
    const access = this.reflector.get<RouteAccess | undefined>(ROUTE_ACCESS, route);
    // `requireDeclaredRoutes` keeps a service with such a route from starting. Deny the request here as well.
    if (access === undefined) return false;
    if (access === 'own') return true;
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    if (access === 'public') {
      await this.bodies.read(request, response, route);
      return true;
    }
    const identity = await this.identify(request, response);
    await this.bodies.read(request, response, route);
    requireAccess(request, identity, access);
    return true;
  }

  private async identify(request: IdentifiedRequest, response: Response): Promise<Identity> {
    const authentication = await this.authenticator.authenticate(bearerOf(request.headers.authorization));
    if ('refusal' in authentication) {
      this.bodies.discard(request);
      throw refusedToken(authentication.refusal, response);
    }
    request.identity = authentication.identity;
    return authentication.identity;
  }
}

function requireAccess(
  request: IdentifiedRequest,
  identity: Identity,
  { permissions, org }: Exclude<RouteAccess, string>,
): void {
  const sourceOrg = orgOf(request, org);
  if (sourceOrg !== undefined) request.sourceOrg = sourceOrg;
  const decision = decide(identity, { permissions, ...(sourceOrg === undefined ? {} : { sourceOrg }) });
  if (decision.kind === 'foreign-org') throw foreignOrg();
  if (decision.kind === 'missing-permission') throw missingPermission(decision.permission);
}

const bearerOf = (header: string | undefined): string | undefined => /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];

// An org that is not a string becomes '': only an operator passes the guard with it, and the route's validation refuses it.
function orgOf({ params, body }: IdentifiedRequest, place: OrgPlace): string | undefined {
  if (place === 'none') return undefined;
  const org: unknown = place === 'path' ? params.org : place(body);
  return typeof org === 'string' ? org : '';
}
