import { listProblems, Problem } from '@pagebridge/service';

/** The problems that a route answers whose database is away or refuses a request. */
export const databaseProblems = listProblems({
  'database-answer-lost': [503, 'Database is not available'],
  'database-unavailable': [503, 'Database is not available'],
});

/** Thrown by every store operation if the database does not answer or refuses it. A retry succeeds once that is over. */
export class StoreUnavailable extends Problem {
  /**
   * `mayBeStored`: the answer to a commit was lost, so all of the transaction was stored, or nothing. `needsOperator`: the database refuses
   * this until an operator mends it; a right or a table is missing, for example.
   */
  constructor(
    message: string,
    {
      cause,
      mayBeStored = false,
      needsOperator = false,
    }: { cause?: unknown; mayBeStored?: boolean; needsOperator?: boolean } = {},
  ) {
    const cure = needsOperator ? 'An operator must fix the database' : 'Try again';
    const detail = mayBeStored
      ? 'The database did not confirm the commit, so the change may have been stored. Read the resource before you retry.'
      : `The database did not process the request: ${message}. Nothing was changed. ${cure}. The log of the service has the database error.`;
    const kind = databaseProblems[mayBeStored ? 'database-answer-lost' : 'database-unavailable'];
    const retryAfterMs = needsOperator && !mayBeStored ? 60_000 : 2000;
    super({ ...kind, detail }, { retriable: true, retryAfterMs });
    this.message = message;
    this.cause = cause;
  }
}
