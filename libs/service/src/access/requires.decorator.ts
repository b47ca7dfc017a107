import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from '@pagebridge/access';

/** Where a route names its source org: in its path, nowhere, or where it reads it from its body, whatever that holds. */
export type OrgPlace = 'path' | 'none' | ((body: unknown) => unknown);

/** What a route declares: that anybody may call it, or what its callers must hold. */
export type RouteAccess = 'public' | { readonly permissions: readonly Permission[]; readonly org: OrgPlace };

export const ROUTE_ACCESS = 'pagebridge:access';

/** The permissions that a route needs in the source org of its path, unless said otherwise. */
export const Requires = (permissions: Permission | readonly Permission[], org: OrgPlace = 'path'): MethodDecorator => {
  const all = [permissions].flat() as readonly Permission[];
  return applyDecorators(
    SetMetadata(ROUTE_ACCESS, { permissions: all, org } satisfies RouteAccess),
    ApiBearerAuth(),
    // The document says from these how a request is refused.
    ApiExtension('x-permissions', all),
    ApiExtension('x-source-org', typeof org === 'function' ? 'body' : org),
  );
};

/** A route that anybody may call. */
export const Public = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'public' satisfies RouteAccess);
