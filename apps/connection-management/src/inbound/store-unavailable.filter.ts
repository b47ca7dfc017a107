import { type ArgumentsHost, Catch } from '@nestjs/common';
import { Problem, ProblemFilter } from '@pagebridge/service';
import { StoreUnavailable } from '../application/ports.ts';

/** Answers 503 if the database is away. The problem says whether the change may have been stored. */
@Catch(StoreUnavailable)
export class StoreUnavailableFilter extends ProblemFilter {
  override catch({ mayBeStored }: StoreUnavailable, host: ArgumentsHost): void {
    super.catch(mayBeStored ? commitUnanswered() : databaseUnavailable(), host);
  }
}

const databaseUnavailable = (): Problem =>
  unavailable('database-unavailable', 'The database does not answer; nothing was stored. Try again.');

const commitUnanswered = (): Problem => {
  const detail =
    'The database did not answer the commit; the change may have been stored. Read the resource before you repeat the change.';
  return unavailable('database-answer-lost', detail);
};

const unavailable = (code: string, detail: string): Problem => {
  const details = { status: 503, code, title: 'The database does not answer', detail };
  return new Problem(details, { retriable: true, retryAfterMs: 2000 });
};
