import { queryOptions } from '@tanstack/react-query';
import { connectionManagement, versionedFrom } from '../api/client.ts';

/** The settings of a source org, and their version. */
export const settingsQuery = (org: string) =>
  queryOptions({
    queryKey: ['connection-management', 'settings', org],
    queryFn: ({ signal }) => {
      const params = { path: { org } };
      return versionedFrom(connectionManagement.GET('/v1/source-orgs/{org}', { params, signal }));
    },
  });
