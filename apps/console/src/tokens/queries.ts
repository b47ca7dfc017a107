import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';

export type Token = components['schemas']['TokenAnswer'];
export type NewTokenInput = components['schemas']['NewToken'];

/** One page of the API tokens of a source org, oldest first. */
export const tokensQuery = (org: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: queryKeyOf('connection-management', 'tokens', org, cursor),
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { limit: 200, ...given({ cursor }) } };
      return bodyFrom(connectionManagement.GET('/v1/source-orgs/{org}/tokens', { params, signal }));
    },
  });
