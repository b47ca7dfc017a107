import { MutationCache, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../session/session.ts';
import { isTemporary, type ProblemError } from './problem.ts';
import { type Key, queryKeyOf } from './query-key.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ProblemError;
    queryKey: Key;
    queryMeta: {
      /** How often the query is read again while its page is visible. */
      readonly everyMs?: number;
    };
  }
}

/** How long after a failed read the next one follows. */
export const retryMs = 10_000;

/**
 * Reads are repeated by one rule: after a failure that may pass, in ten seconds, else as often as the query says. Refusals are not
 * repeated. Whatever was read stays until something newer is read. After every change, also one that has failed, what it may have changed is
 * read again.
 */
export const queryClient: QueryClient = new QueryClient({
  mutationCache: new MutationCache({
    // What the change led to is told at once: TanStack would wait for a promise, and these reads may hang.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: queryKeyOf('connection-management') }),
  }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: false,
      staleTime: 2000,
      refetchInterval: ({ state, meta }) => {
        if (state.error) return mayPass(state.error) ? retryMs : false;
        return meta?.everyMs ?? false;
      },
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** Returns whether a read that failed is repeated. One that was refused with 401 is, until the gateway says that the session has ended. */
export function mayPass({ problem }: ProblemError): boolean {
  if (problem.status !== 401) return isTemporary(problem);
  return queryClient.getQueryState(sessionQuery.queryKey)?.error?.problem.status !== 401;
}
