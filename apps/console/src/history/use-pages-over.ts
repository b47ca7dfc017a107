import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, pageHistory } from '../api/client.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { historyEveryMs } from '../history/queries.ts';

/** How many pages of each connection are open or wait. */
export const countsQuery = (org: string) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'counts', org),
    queryFn: ({ signal }) =>
      bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/page-counts', { params: { path: { org } }, signal })),
    meta: { everyMs: historyEveryMs },
  });
