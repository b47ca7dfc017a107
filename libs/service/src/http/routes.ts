import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';

/** A method of a controller that answers HTTP requests. */
export interface Route {
  /** The name for error messages, such as `ThingsController.create`. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path in the syntax of Express, such as `/things/:id`. */
  readonly path: string;
  /** The handler function, which carries the metadata of the decorators. */
  readonly handler: object;
}

/** Returns the routes of all controllers of an application. */
export const routesOf = (app: INestApplication): Route[] =>
  app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesIn(metatype) : []));

const routesIn = (controller: { readonly name: string; readonly prototype: object }): Route[] =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype))
    .filter(([, { value }]) => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value))
    .map(([name, { value: handler }]) => ({
      name: `${controller.name}.${name}`,
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]?.toLowerCase() as Route['method'],
      path: `/${[controller, handler].map(pathOf).filter(Boolean).join('/')}`,
      handler,
    }));

// Nest stores `@Get()` as `/`.
const pathOf = (decorated: object): string =>
  String(Reflect.getMetadata(PATH_METADATA, decorated)).replaceAll(/^\/|\/$/g, '');
