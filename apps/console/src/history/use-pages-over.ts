import { queryOptions, useQuery } from '@tanstack/react-query';
import { bodyFrom, pageHistory } from '../api/client.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { useNow } from '../look/time/clock.ts';
import { pagesOver } from './counts.ts';
import { historyEveryMs, useHistory } from './queries.ts';

const countsQuery = (org: string) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'counts', org),
    queryFn: ({ signal }) =>
      bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/page-counts', { params: { path: { org } }, signal })),
    meta: { everyMs: historyEveryMs },
  });

interface PagesOver {
  /** Returns how many pages of a connection are open and wait: undefined while that was not read, or must not be. */
  readonly pagesOf: (connection: string) => string | undefined;
  readonly isError: boolean;
}

/** The pages of each connection of an org. */
export function usePagesOver(org: string): PagesOver {
  const hasHistory = useHistory(org);
  const { data, isError } = useQuery({ ...countsQuery(org), enabled: hasHistory });
  const now = useNow();
  return { pagesOf: (id) => data && pagesOver(id, data, now), isError };
}
