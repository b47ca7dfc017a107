import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';

/** One page of the source orgs that have settings, connections or API tokens. */
export const sourceOrgsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['connection-management', 'source-orgs', cursor],
    queryFn: ({ signal }) => {
      const query = { limit: 200, ...(cursor ? { cursor } : {}) };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs', { params: { query }, signal }));
    },
  });
