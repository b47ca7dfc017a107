import { queryOptions } from '@tanstack/react-query';
import { alertIntake, bodyFrom } from '../api/client.ts';
import { mayPass, retryMs } from '../api/query-client.ts';
import { traceQuery } from '../trace/queries.ts';
import { isOver } from './steps.ts';

/** Pages the team of a handle; returns the test page with the key of its alert. */
export const sendTest = (org: string, handle: string) => {
  const params = { path: { org } };
  return bodyFrom(alertIntake.POST('/v1/source-orgs/{org}/test-pages', { params, body: { handle } }));
};

export const resolveTest = (org: string, id: string) =>
  bodyFrom(alertIntake.DELETE('/v1/source-orgs/{org}/test-pages/{id}', { params: { path: { org, id } } }));

/** The trace of a test page, read each second until nothing more is to be expected, and less often after two minutes. */
export const watchedQuery = (org: string, alert: string) =>
  queryOptions({
    ...traceQuery(org, { alert }),
    refetchInterval: ({ state: { data, error, dataUpdateCount } }) => {
      if (data && isOver(data.hops)) return false;
      if (error && !mayPass(error)) return false;
      return error || dataUpdateCount > 120 ? retryMs : 1000;
    },
  });
