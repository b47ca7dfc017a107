import type { INestApplication } from '@nestjs/common';
import { routesOf } from '../http/routes.ts';
import { ROUTE_ACCESS } from './requires.decorator.ts';

/** Throws if a route declares no access, so that no route is open by mistake. */
export function requireDeclaredRoutes(app: INestApplication): void {
  const undeclared = routesOf(app).filter(({ handler }) => !Reflect.hasMetadata(ROUTE_ACCESS, handler));
  if (undeclared.length === 0) return;
  throw new Error(`routes without @Requires or @Public: ${undeclared.map(({ name }) => name).join(', ')}`);
}
