import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Problem } from '@pagebridge/service';
import type { Response } from 'express';
import { catchError, type Observable } from 'rxjs';
import { StoreUnavailable } from '../application/ports.ts';

const retryAfterMs = 2000;

/** A database that is away is a 503 that may be tried again; the request left nothing behind. */
@Injectable()
export class StoreUnavailableInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
        context
          .switchToHttp()
          .getResponse<Response>()
          .setHeader('Retry-After', String(retryAfterMs / 1000));
        throw databaseUnavailable();
      }),
    );
  }
}

const databaseUnavailable = (): Problem => {
  const detail = 'The database does not answer; nothing was stored. Try again.';
  const details = { status: 503, code: 'database-unavailable', title: 'The database does not answer', detail };
  return new Problem(details, { retriable: true, retryAfterMs });
};
