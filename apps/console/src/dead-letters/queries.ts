import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, pageHistory } from '../api/client.ts';
import type { components } from '../api/generated/page-history.d.ts';
import { given } from '../api/given.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { historyEveryMs } from '../history/queries.ts';

export type DeadLetter = components['schemas']['DeadLetterAnswer'];
export type Verdict = components['schemas']['LetterVerdict'];
type Place = components['schemas']['ChosenLetter'];

const choiceOf = ({ topic, partition, offset }: Place): Place => ({ topic, partition, offset });

type Filters = { readonly [name in 'topic' | 'reason' | 'after']?: string | undefined };

/** One page of the dead letters of a source org, the latest first. */
export const deadLettersQuery = (org: string, { after: cursor, ...filters }: Filters) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'dead-letters', org, filters, cursor),
    queryFn: ({ signal }) => {
      const params = { path: { org }, query: { limit: 50, ...given({ ...filters, cursor }) } };
      return bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/dead-letters', { params, signal }));
    },
    meta: { everyMs: historyEveryMs },
  });

/** The latest dead letters that cannot be read, so that nobody knows whose they are. For operators. */
export const unreadableQuery = queryOptions({
  queryKey: queryKeyOf('page-history', 'dead-letters'),
  queryFn: ({ signal }) => bodyFrom(pageHistory.GET('/v1/dead-letters', { params: { query: { limit: 50 } }, signal })),
});

/** Asks what sending these letters again does now. */
export const previewOf = (org: string, letters: readonly Place[]) => {
  const its = { params: { path: { org } }, body: { letters: letters.map(choiceOf) } };
  return bodyFrom(pageHistory.POST('/v1/source-orgs/{org}/dead-letters/preview', its));
};

/** Sends these letters again, except those that a preview skips. */
export const replayOf = (org: string, letters: readonly Place[]) => {
  const its = { params: { path: { org } }, body: { letters: letters.map(choiceOf) } };
  return bodyFrom(pageHistory.POST('/v1/source-orgs/{org}/dead-letters/replay', its));
};
