import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';

/** One page of the source orgs that have settings, connections or API tokens. */
export const sourceOrgsQuery = (cursor: string | undefined, limit: number) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'source-orgs', undefined, cursor, limit),
    queryFn: ({ signal }) => {
      const query = { limit, ...given({ cursor }) };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs', { params: { query }, signal }));
    },
  });
