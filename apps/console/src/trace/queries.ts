import { type PackedTrace, type Trace, unpacked } from '@pagebridge/trace/words';
import { queryOptions } from '@tanstack/react-query';
import { bodyFrom, pageHistory } from '../api/client.ts';
import { given } from '../api/given.ts';
import { problemIn } from '../api/problem.ts';
import { queryKeyOf } from '../api/query-key.ts';
import { type Extent, historyEveryMs } from '../history/queries.ts';

/** A trace of libs/trace, as of the time up to which everything is stored. */
export type StoredTrace = Omit<Trace, keyof Extent> & Extent;

interface Asked {
  readonly alert?: string | undefined;
  readonly page?: string | undefined;
  /** The one or the other. */
  readonly find?: string | undefined;
}

/** Reads a trace. The document describes its records as objects; their types are those of libs/trace. */
async function read(
  org: string,
  query: { alertKey?: string; page?: string },
  signal: AbortSignal,
): Promise<StoredTrace> {
  const params = { path: { org }, query };
  const body = await bodyFrom(pageHistory.GET('/v1/source-orgs/{org}/trace', { params, signal }));
  return unpacked(body as unknown as Omit<PackedTrace, keyof Extent> & Extent);
}

/** The trace of an alert, by its key or by a page of it. */
export const traceQuery = (org: string, asked: Asked) =>
  queryOptions({
    queryKey: queryKeyOf('page-history', 'trace', org, asked),
    queryFn: async ({ signal }) => {
      const { alert, page, find } = asked;
      const trace = await read(org, given({ alertKey: alert ?? find, page }), signal);
      if (find === undefined || trace.hops.length > 0) return trace;
      return read(org, { page: find }, signal).catch((error: unknown) => {
        if (problemIn(error).status === 404) return trace;
        throw error;
      });
    },
    meta: { everyMs: historyEveryMs },
  });
