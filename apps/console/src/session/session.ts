import { queryOptions } from '@tanstack/react-query';
import { ProblemError, problemOf, unreachable } from '../api/problem.ts';
import { ask } from '../api/renew.ts';

/** What the gateway tells of the session. */
export interface Session {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly expiresAt: string;
  readonly sessionEndsAt: string;
  /** What the operator wrote for those who need help, such as `Ask in #paging.` */
  readonly helpText?: string;
}

/** The session of this browser. Throws ProblemError with 401 if there is none. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => read<Session>('/session'),
});

async function read<T>(path: string): Promise<T> {
  const answer = await ask(path).catch(() => undefined);
  if (!answer) throw new ProblemError(unreachable);
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new ProblemError(problemOf(answer.status, body));
  return body as T;
}
