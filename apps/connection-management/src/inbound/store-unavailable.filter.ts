import { type ArgumentsHost, Catch } from '@nestjs/common';
import { Problem, ProblemFilter } from '@pagebridge/service';
import { StoreUnavailable } from '../application/ports.ts';

/** A database that is away is a 503 that may be tried again; the request left nothing behind. */
@Catch(StoreUnavailable)
export class StoreUnavailableFilter extends ProblemFilter {
  override catch(_error: StoreUnavailable, host: ArgumentsHost): void {
    super.catch(databaseUnavailable(), host);
  }
}

const databaseUnavailable = (): Problem => {
  const detail = 'The database does not answer; nothing was stored. Try again.';
  const details = { status: 503, code: 'database-unavailable', title: 'The database does not answer', detail };
  return new Problem(details, { retriable: true, retryAfterMs: 2000 });
};
