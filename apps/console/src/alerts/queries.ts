import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, pageHistory } from '../api/client.ts';
import type { components } from '../api/generated/page-history.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { historyEveryMs } from '../history/queries.ts';
import { startOf } from './range.ts';

type Schemas = components['schemas'];
export type Alert = Schemas['AlertAnswer'];
export type Page = Schemas['PageAnswer'];
export type Mention = Schemas['MentionAnswer'];
export type MentionState = Mention['state'];

type Name = 'state' | 'handle' | 'connection' | 'q' | 'from' | 'to' | 'after';
/** The filters of both lists, as they stand in the address. */
export type Filters = { readonly [name in Name]?: string | undefined };

const untakenMs = 15 * 60 * 1000;

function paramsOf(org: string, { state: named, handle, connection, q, to, after: cursor, from }: Filters) {
  const start = startOf({ from, to, q }, Date.now());
  const isUntaken = named === 'untaken';
  const state = isUntaken ? undefined : (named as MentionState | undefined);
  const untakenSince = isUntaken ? new Date(Date.now() - untakenMs).toISOString() : undefined;
  const query = given({ state, untakenSince, handle, connection, q, to, cursor, from: start });
  return { path: { org }, query: { limit: 50, ...query } };
}

/** One page of the alerts of an org, the latest first. */
export const alertsQuery = (org: string, filters: Filters) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'alerts', org, filters),
    queryFn: ({ signal }) =>
      bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/alerts', { params: paramsOf(org, filters), signal })),
    meta: { everyMs: historyEveryMs },
  });

/** One page of the pages of an org, the latest first. */
export const pagesQuery = (org: string, filters: Filters) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'pages', org, filters),
    queryFn: ({ signal }) =>
      bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/pages', { params: paramsOf(org, filters), signal })),
    meta: { everyMs: historyEveryMs },
  });
