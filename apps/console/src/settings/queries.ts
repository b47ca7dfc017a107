import { queryOptions } from '@tanstack/react-query';
import { connectionManagement, versionedFrom } from '../api/client.ts';
import { queryKeyOf } from '../api/query-key.ts';

/** The settings of a source org, and their version. */
export const settingsQuery = (org: string) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'settings', org),
    queryFn: ({ signal }) => {
      const params = { path: { org } };
      return versionedFrom(connectionManagement.GET('/v1/source-orgs/{org}', { params, signal }));
    },
  });
