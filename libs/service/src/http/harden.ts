import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Health } from '../health.ts';

/** What every answer says to browsers, caches and balancers, whatever becomes of its request. */
export function harden(app: NestExpressApplication): void {
  app.use(helmet());
  app.use(noStore);
  app.use(lastOfConnection(app.get(Health)));
}

// A connection that is kept beyond the stop would be cut while its next request is on the way.
const lastOfConnection = (health: Health) => (_request: Request, response: Response, next: NextFunction) => {
  if (health.isStopping) response.setHeader('connection', 'close');
  next();
};

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  next();
}
