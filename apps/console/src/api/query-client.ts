import { QueryClient } from '@tanstack/react-query';
import { isTemporary, ProblemError, unreachable } from './problem.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ProblemError;
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
 * repeated. Whatever was read stays until something newer is read.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: false,
      staleTime: 2000,
      refetchInterval: ({ state, meta }) => {
        if (state.error) return isTemporary(state.error.problem ?? unreachable) ? retryMs : false;
        return meta?.everyMs ?? false;
      },
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
