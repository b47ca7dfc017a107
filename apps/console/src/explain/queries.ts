import { type MentionPlace, maxMentionLength } from '@pagebridge/vocabulary';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { bodyFrom, handleSync, pageRouting } from '../api/client.ts';
import type { components } from '../api/generated/page-routing.d.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { alertOf, type Draft } from './draft.ts';
import { maxOffered } from './offers.ts';

export type Decision = components['schemas']['ExplainedDecisionDto'];

/**
 * How page-routing would route a draft. A new draft aborts the request for the former one, whose answer stays until the new one is
 * there; no text is kept after that.
 */
export const explanationQuery = (org: string, draft: Draft) =>
  queryOptions({
    queryKey: queryKeyOf('page-routing', 'explanation', org, draft),
    queryFn: async ({ signal }) => {
      const body = alertOf(org, draft, new Date());
      const explanation = await bodyFrom(pageRouting.POST('/v1/explain', { body, signal }));
      return { explanation, draft, at: Date.now() };
    },
    enabled: draft.message.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

/** The handles that begin with what is typed, then those that contain it. Former ones stay only while the same handle is typed. */
export const offeredQuery = (org: string, place: MentionPlace | undefined) =>
  queryOptions({
    queryKey: queryKeyOf('handle-sync', 'offered', org, place?.start, place?.query),
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { query: place?.query.slice(0, maxMentionLength), limit: maxOffered } };
      return bodyFrom(handleSync.GET('/v1/source-orgs/{org}/handles', { params, signal }));
    },
    enabled: place !== undefined,
    placeholderData: (former, query) => (query?.queryKey[3] === place?.start ? former : undefined),
  });
