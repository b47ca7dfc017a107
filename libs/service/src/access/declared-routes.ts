import type { INestApplication } from '@nestjs/common';
import { routesOf } from '../http/routes.ts';
import { ROUTE_ACCESS } from './requires.decorator.ts';

/** Throws where a route says nothing about who may call it: nothing is open because it was forgotten. */
export function requireDeclaredRoutes(app: INestApplication): void {
  const undeclared = routesOf(app).filter(({ handler }) => !Reflect.hasMetadata(ROUTE_ACCESS, handler));
  if (undeclared.length === 0) return;
  throw new Error(`routes without @Requires or @Public: ${undeclared.map(({ name }) => name).join(', ')}`);
}
