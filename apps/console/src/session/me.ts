import { queryOptions, useQuery } from '@tanstack/react-query';
import { bodyFrom, pageRouting } from '../api/client.ts';
import { holds, type Permission } from './permissions.ts';

/** Who the services take the person for, and what this person may do where; any of them answers it. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => bodyFrom(pageRouting.GET('/v1/me', { signal })),
  meta: { everyMs: 60_000 },
});

/** Returns whether the person holds a permission in a source org. True while that is not known: the service decides. */
export function useMay(org: string, permission: Permission): boolean {
  const { data } = useQuery(meQuery);
  return data === undefined || holds(data, org, permission);
}

/** Returns whether it is known that the person holds a permission: for what is read only then. */
export function useKnownMay(org: string, permission: Permission): boolean {
  const { data } = useQuery(meQuery);
  return data !== undefined && holds(data, org, permission);
}
