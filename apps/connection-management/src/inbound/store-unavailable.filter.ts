import { type ArgumentsHost, Catch, Inject } from '@nestjs/common';
import { Denials, LOG, limitedLog, Problem, ProblemFilter } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { StoreUnavailable } from '../application/ports.ts';

/**
 * Answers 503 if the database is away or refuses the request, and logs the error of the database. The problem says whether the
 * change may have been stored.
 */
@Catch(StoreUnavailable)
export class StoreUnavailableFilter extends ProblemFilter {
  private readonly log: Log;

  constructor(denials: Denials, @Inject(LOG) log: Log) {
    super(denials);
    this.log = limitedLog(log);
  }

  override catch(error: StoreUnavailable, host: ArgumentsHost): void {
    const { message, mayBeStored, cause } = error;
    this.log.warn({ cause: message, driver: String(cause) }, 'a request failed at the database');
    super.catch(mayBeStored ? commitUnanswered() : databaseUnavailable(error), host);
  }
}

const databaseUnavailable = ({ message, needsOperator }: StoreUnavailable): Problem => {
  const cure = needsOperator ? 'An operator must mend the database' : 'Try again';
  const detail = `Nothing was stored: ${message}. ${cure}; the log of connection-management has the message of the database.`;
  return unavailable('database-unavailable', detail, needsOperator ? 60_000 : 2000);
};

const commitUnanswered = (): Problem => {
  const detail =
    'The database did not confirm the commit; the change may have been stored. Read the resource before you repeat the change.';
  return unavailable('database-answer-lost', detail);
};

const unavailable = (code: string, detail: string, retryAfterMs = 2000): Problem => {
  const details = { status: 503, code, title: 'The database cannot be used', detail };
  return new Problem(details, { retriable: true, retryAfterMs });
};
