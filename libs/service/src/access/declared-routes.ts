import type { INestApplication } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import { ROUTE_ACCESS } from './requires.decorator.ts';

/** Throws where a route says nothing about who may call it: nothing is open because it was forgotten. */
export function requireDeclaredRoutes(app: INestApplication): void {
  const undeclared = app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? undeclaredOf(metatype) : []));
  if (undeclared.length > 0) throw new Error(`routes without @Requires or @Public: ${undeclared.join(', ')}`);
}

const undeclaredOf = (controller: { readonly name: string; readonly prototype: object }): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype))
    .filter(([, { value }]) => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value))
    .filter(([, { value }]) => !Reflect.hasMetadata(ROUTE_ACCESS, value))
    .map(([method]) => `${controller.name}.${method}`);
