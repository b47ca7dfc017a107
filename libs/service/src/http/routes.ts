import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';

/** A method of a controller that answers HTTP requests. */
export interface Route {
  /** For people: `ThingsController.create`. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As Express takes it: `/things/:id`. */
  readonly path: string;
  /** What its decorators are kept on. */
  readonly handler: object;
}

/** The routes of all controllers of an application. */
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

// `@Get()` is kept as `/`.
const pathOf = (decorated: object): string =>
  String(Reflect.getMetadata(PATH_METADATA, decorated)).replaceAll(/^\/|\/$/g, '');
