import type { IncomingMessage } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import { boundBody } from './bound-body.ts';
import { routesOf } from './routes.ts';
import { requireJson } from './validation.ts';

const usualBytes = 64 * 1024;
const largeBytes = 1024 * 1024;
const LARGE_BODY = 'pagebridge:large-body';

/** Declares a route whose request bodies may have 1 MiB instead of 64 KiB. */
export const LargeBody = (): MethodDecorator => SetMetadata(LARGE_BODY, true);

// No route reads the body of a GET, HEAD or OPTIONS request, so such a body is never parsed.
const hasBody = ({ method }: IncomingMessage): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';

/** Adds the middleware that parses request bodies, and refuses those that are not JSON or exceed the bounds. */
export function readBodies(app: NestExpressApplication): void {
  app.use(requireJson);
  const large = new WeakSet<IncomingMessage>();
  const mark = (request: Request, _response: Response, next: NextFunction) => {
    large.add(request);
    next();
  };
  const express: Express = app.getHttpAdapter().getInstance();
  for (const { method, path, handler } of routesOf(app)) {
    if (Reflect.hasMetadata(LARGE_BODY, handler)) express[method](path, mark);
  }
  app.useBodyParser('json', { limit: usualBytes, type: (request) => hasBody(request) && !large.has(request) });
  app.useBodyParser('json', { limit: largeBytes, type: (request) => large.has(request) });
  app.use(boundBody);
}
