import { queryOptions } from '@tanstack/react-query';
import { ProblemError, problemOf, unreachable } from '../api/problem.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { ask } from '../api/renew.ts';

/** What the gateway tells of the session. */
export interface Session {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** The subject for which this page was opened. Another person may sign in with this browser since. */
  readonly openedFor: string;
  /** The services behind the console; an installation may lack some. */
  readonly services: readonly string[];
  /** Whether the gateway asks for a renewal before it passes anything on. */
  readonly mustRenew: boolean;
  /** What the operator wrote for those who need help, such as `Ask in #paging.` */
  readonly helpText?: string;
}

/** The session of this browser. Throws ProblemError with 401 if there is none. */
export const sessionQuery = queryOptions({
  queryKey: queryKeyOf('session'),
  queryFn: async ({ client, queryKey }): Promise<Session> => {
    const answer = await ask('/session').catch(() => undefined);
    if (!answer) throw new ProblemError(unreachable);
    const body: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) throw new ProblemError(problemOf(answer.status, body));
    const session = body as Session;
    return { ...session, openedFor: client.getQueryData<Session>(queryKey)?.openedFor ?? session.subject };
  },
});
