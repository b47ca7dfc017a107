import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { Permission } from '@pagebridge/access';
import { Refusal } from '../http/problem-answer.ts';

/** Where a route names its source org: in its path, in its body, or nowhere. */
type OrgPlace = 'path' | 'body' | 'none';

/** What a route declares: that anybody may call it, or what its callers must hold. */
export type RouteAccess = 'public' | { readonly permissions: readonly Permission[]; readonly org: OrgPlace };

export const ROUTE_ACCESS = 'pagebridge:access';

/** The permissions that a route needs in the source org of its path, unless said otherwise. */
export const Requires = (permissions: Permission | readonly Permission[], org: OrgPlace = 'path'): MethodDecorator => {
  const all = [permissions].flat() as readonly Permission[];
  return applyDecorators(
    SetMetadata(ROUTE_ACCESS, { permissions: all, org } satisfies RouteAccess),
    ApiBearerAuth(),
    ApiExtension('x-permissions', all),
    ApiExtraModels(Refusal),
    ApiRefusal(401, 'There is no valid token; `WWW-Authenticate` says why.'),
    ApiRefusal(403, `The token lacks ${all.join(' or ')}.`),
    ...(org === 'none' ? [] : [ApiRefusal(404, 'There is no such source org among those that the token may see.')]),
  );
};

/** What the route itself says of a status goes before it. */
const ApiRefusal = (status: number, description: string): MethodDecorator =>
  ApiResponse(
    { status, description, content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Refusal) } } } },
    { overrideExisting: false },
  );

/** A route that anybody may call. */
export const Public = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'public' satisfies RouteAccess);
