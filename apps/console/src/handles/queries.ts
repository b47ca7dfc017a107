import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { bodyFrom, handleSync, pageRouting } from '../api/client.ts';
import type { components } from '../api/generated/handle-sync.d.ts';
import type { components as routing } from '../api/generated/page-routing.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';

export type Handle = components['schemas']['OfferedHandle'];
export type Change = components['schemas']['ListedChange'];
export type Conflict = routing['schemas']['ConflictDto'];
export type Contender = routing['schemas']['ContenderDto'];
type Filters = { readonly [name in 'query' | 'connection' | 'since' | 'cursor']?: string | undefined };

const paramsOf = (org: string, filters: Filters) => ({ path: { org }, query: { limit: 50, ...given(filters) } });

/** One page of the handles that an org is offered. The rows of the former filters stay until those of the new ones are there. */
export const handlesQuery = (org: string, filters: Filters) =>
  queryOptions({
    queryKey: queryKeyOf('handle-sync', 'handles', org, filters),
    queryFn: ({ signal }) =>
      bodyFrom(handleSync.GET('/v1/source-orgs/{org}/handles', { params: paramsOf(org, filters), signal })),
    placeholderData: keepPreviousData,
  });

/** One page of the handles that several teams claim, or that the org declares local. */
export const conflictsQuery = (org: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: queryKeyOf('page-routing', 'conflicts', org, cursor),
    queryFn: ({ signal }) =>
      bodyFrom(pageRouting.GET('/v1/source-orgs/{org}/conflicts', { params: paramsOf(org, { cursor }), signal })),
  });

/** One page of the changes of handles in a time until now, the latest first. handle-sync may list a change twice. */
export const changesQuery = (org: string, spanMs: number, cursor: string | undefined) =>
  queryOptions({
    queryKey: queryKeyOf('handle-sync', 'changes', org, spanMs, cursor),
    queryFn: ({ signal }) => {
      const params = paramsOf(org, { cursor, since: new Date(Date.now() - spanMs).toISOString() });
      return bodyFrom(handleSync.GET('/v1/source-orgs/{org}/handles/changes', { params, signal }));
    },
    select: ({ items, next }) => ({
      items: [...new Map(items.map((one) => [JSON.stringify(one), one])).values()],
      next,
    }),
  });
