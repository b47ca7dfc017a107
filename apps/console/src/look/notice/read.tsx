import { Button } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isTemporary, type Problem, type ProblemError, problemIn } from '../../api/problem.ts';
import { retryMs } from '../../api/query-client.ts';
import { sessionQuery } from '../../session/session.ts';
import { Copy } from '../copy.tsx';
import { useNow } from '../time/clock.ts';
import { Time } from '../time/time.tsx';
import { duration } from '../time/times.ts';
import { Loading } from './loading.tsx';
import { Notice } from './notice.tsx';
import { inSentence, Refused } from './refused.tsx';

interface ReadProps<T> {
  readonly query: UseQueryResult<T, ProblemError>;
  /** What is read, in the plural and with a capital: `Connections`. */
  readonly what: string;
  /** The service that answers it. */
  readonly from: string;
  readonly children: (data: T) => ReactNode;
}

/** What a query has read; or that it is being read, was refused, or cannot be read now. What was read before stays. */
export function Read<T>({ query, what, from, children }: ReadProps<T>) {
  const { data, error, isPending } = query;
  const { error: ended } = useQuery({ ...sessionQuery, enabled: false });
  if (isPending) return <Loading from={from} />;
  const problem = error ? problemIn(error) : undefined;
  const isRefused = problem?.status === 401;
  if (problem && !isTemporary(problem) && !isRefused) return <Refused problem={problem} what={what} />;
  // The bar says that the session has ended.
  const isSaid = isRefused && ended?.problem.status === 401;
  // The data keep their place in the tree while the service is away: whatever was typed into them stays, too.
  return (
    <>
      {problem && !isSaid && <Away query={query} problem={problem} what={what} from={from} />}
      {(data !== undefined || !problem) && children(data as T)}
    </>
  );
}

/** The services that can be away while everybody is paged. */
const beside: ReadonlySet<string> = new Set(['connection-management', 'handle-sync', 'page-history']);

function Away<T>({ query, problem, what, from }: Omit<ReadProps<T>, 'children'> & { readonly problem: Problem }) {
  const { data, dataUpdatedAt, errorUpdatedAt, refetch, isFetching } = query;
  const now = useNow();
  const nextMs = errorUpdatedAt + retryMs - now;
  const who = problem.service ?? from;
  const fails =
    problem.status === 0
      ? problem.detail
      : problem.status === 401
        ? `${who} rejected your session (401): ${problem.detail}`
        : `${who} is unavailable (${problem.status}).`;
  return (
    <Notice
      tone="waiting"
      actions={
        <Button onClick={() => void refetch()} loading={isFetching}>
          Retry now
        </Button>
      }
    >
      {data === undefined ? (
        <>
          Cannot load {inSentence(what)}: {fails} {beside.has(who) && 'Paging is not affected. '}
          {problem.requestId && (
            <>
              Request <code>{problem.requestId}</code> <Copy text={problem.requestId} what="the request id" />
            </>
          )}
        </>
      ) : (
        <>
          {fails} Data as of <Time at={dataUpdatedAt} />. {/* Else it is read out each second. */}
          <span aria-hidden>{nextMs > 0 && `Next attempt in ${duration(nextMs)}.`}</span>
        </>
      )}
    </Notice>
  );
}
