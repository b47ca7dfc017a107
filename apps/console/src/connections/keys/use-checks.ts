import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../../api/generated/connection-management.d.ts';
import { type Problem, problemIn, problemOf } from '../../api/problem.ts';
import { queryKeyOf } from '../../api/query-key.ts';
import { type Answer, sendForEvents } from '../../api/send-for-events.ts';

export type Check = components['schemas']['CheckAnswer'];

/** The checks of a request that came so far, and how it ended: with a value or a problem. */
interface Run<T> {
  readonly checks: readonly Check[];
  readonly isRunning: boolean;
  readonly value?: T;
  readonly problem?: Problem;
  readonly headers?: Answer['headers'];
}
export type Checks<T> = Run<T> & { readonly start: (request: Request) => Promise<T | undefined> };

/** Returns a request for a path, with a body and the version that it changes. */
export const checkRequest = (method: 'POST' | 'PUT', path: string, body: object, etag?: string): Request =>
  new Request(new URL(path, window.location.href), {
    method,
    headers: { 'content-type': 'application/json', ...(etag === undefined ? {} : { 'if-match': etag }) },
    body: JSON.stringify(body),
  });

/** The checks of one request, as they come. It is no query or mutation, because a cache would keep the keys. */
export function useChecks<T>(): Checks<T> {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run<T>>({ checks: [], isRunning: false });
  const onEvent = (name: string, data: unknown) => {
    if (name === 'check') setRun((its) => ({ ...its, checks: [...its.checks, data as Check] }));
  };
  const start = async (request: Request): Promise<T | undefined> => {
    setRun({ checks: [], isRunning: true });
    const ended = await sendForEvents(request, onEvent).then(endOf<T>, (error) => ({ problem: problemIn(error) }));
    setRun(({ checks }) => ({ checks, isRunning: false, ...ended }));
    // Also after the drawer was closed: the checks have gone on, and the connection is there if they passed.
    void queries.invalidateQueries({ queryKey: queryKeyOf('connection-management') });
    return 'value' in ended ? ended.value : undefined;
  };
  return { ...run, start };
}

const endOf = <T>({ status, headers, body }: Answer) =>
  status < 300 ? { value: body as T } : { problem: problemOf(status, body), headers };
