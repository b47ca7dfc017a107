import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/** What every answer says to browsers and caches, whatever becomes of its request. */
export function harden(app: NestExpressApplication): void {
  app.use(helmet());
  app.use(noStore);
}

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  next();
}
