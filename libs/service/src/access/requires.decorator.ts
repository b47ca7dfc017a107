import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from '@pagebridge/access';

/** Where a route finds its source org: in its path, nowhere, or in its body. The function must accept any body. */
export type OrgPlace = 'path' | 'none' | ((body: unknown) => unknown);

/** The access that a route declares: it is public, a guard of its own decides, or its callers need these permissions. */
export type RouteAccess = 'public' | 'own' | { readonly permissions: readonly Permission[]; readonly org: OrgPlace };

export const ROUTE_ACCESS = 'pagebridge:access';

/**
 * Declares the permissions that the callers of a route need in its source org, which is in its path by default. Without any, and with
 * `none`, each caller with a valid token may use it.
 */
export const Requires = (permissions: Permission | readonly Permission[], org: OrgPlace = 'path'): MethodDecorator => {
  const all = [permissions].flat() as readonly Permission[];
  return applyDecorators(
    SetMetadata(ROUTE_ACCESS, { permissions: all, org } satisfies RouteAccess),
    ApiBearerAuth(),
    // `withProblems` derives the documented refusals from these two.
    ApiExtension('x-permissions', all),
    ApiExtension('x-source-org', typeof org === 'function' ? 'body' : org),
  );
};

/** Declares a route whose callers are admitted by a guard of the service itself, which also reads their bodies. */
export const AdmittedByItself = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'own' satisfies RouteAccess);

/** Declares a route that anyone may call without a token. */
export const Public = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'public' satisfies RouteAccess);
