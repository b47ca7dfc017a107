import { queryOptions } from '@tanstack/react-query';
import { alertIntake, bodyFrom, pageHistory } from '../api/client.ts';
import { retryMs } from '../api/query-client.ts';
import { type Hop, isOver } from './steps.ts';

/** Pages the team of a handle; returns the test page with the key of its alert. */
export const sendTest = (org: string, handle: string) => {
  const params = { path: { org } };
  return bodyFrom(alertIntake.POST('/v1/source-orgs/{org}/test-pages', { params, body: { handle } }));
};

export const resolveTest = (org: string, id: string) =>
  bodyFrom(alertIntake.DELETE('/v1/source-orgs/{org}/test-pages/{id}', { params: { path: { org, id } } }));

/** What is known of a test page, read each second until nothing more is to be expected, and less often after two minutes. */
export const watchedQuery = (org: string, alertKey: string) =>
  queryOptions({
    queryKey: ['page-history', 'test-page', org, alertKey],
    queryFn: async ({ signal }) => {
      const params = { path: { org }, query: { alertKey } };
      const trace = await bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/trace', { params, signal }));
      return { sentence: trace.answer.sentence, hops: trace.hops as unknown as readonly Hop[] };
    },
    refetchInterval: ({ state: { data, error, dataUpdateCount } }) => {
      if (data && isOver(data.hops)) return false;
      return error || dataUpdateCount > 120 ? retryMs : 1000;
    },
  });
