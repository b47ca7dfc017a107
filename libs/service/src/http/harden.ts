import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Health } from '../health.ts';

/** Adds the headers for browsers, caches and load balancers to every response, whatever its status. */
export function harden(app: NestExpressApplication): void {
  app.use(helmet());
  app.use(noStore);
  app.use(closeWhenStopping(app.get(Health)));
}

// A connection that outlives the stop would be cut while its next request is in flight.
const closeWhenStopping = (health: Health) => (_request: Request, response: Response, next: NextFunction) => {
  if (health.isStopping) response.setHeader('connection', 'close');
  next();
};

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  next();
}
