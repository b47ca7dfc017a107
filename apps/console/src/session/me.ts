import { queryOptions, useQuery } from '@tanstack/react-query';
import { bodyFrom, pageRouting } from '../api/client.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { heldIn, type Permission } from './permissions.ts';

/** Who the services take the person for, and what this person may do where; any of them answers it. */
export const meQuery = queryOptions({
  queryKey: queryKeyOf('me'),
  queryFn: ({ signal }) => bodyFrom(pageRouting.GET('/v1/me', { signal })),
  meta: { everyMs: 60_000 },
});

/** Returns whether the person holds a permission in a source org; undefined while that is not known. */
export function useMay(org: string, permission: Permission): boolean | undefined {
  const { data } = useQuery(meQuery);
  return data && heldIn(data, org).includes(permission);
}
