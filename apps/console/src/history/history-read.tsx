import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isTemporary, type ProblemError, problemIn } from '../api/problem.ts';
import { Copy } from '../look/copy.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { Read } from '../look/notice/read.tsx';
import { useNow } from '../look/time/clock.ts';
import { Time } from '../look/time/time.tsx';
import { duration } from '../look/time/times.ts';
import { type Extent, useHasHistory } from './queries.ts';
import { type Asked, isStale, traceCommand } from './words.ts';

interface HistoryReadProps<T extends Extent> {
  readonly org: string;
  readonly query: UseQueryResult<T, ProblemError>;
  readonly what: string;
  /** What the screen is about. */
  readonly about?: Asked;
  readonly children: (data: T) => ReactNode;
}

/** What a query has read of the history; or that there is none, that it is behind or does not answer, and what works without it. */
export function HistoryRead<T extends Extent>({ org, about, children, ...read }: HistoryReadProps<T>) {
  const { data, error } = read.query;
  if (useHasHistory() === false) return <Without org={org} about={about} why="This installation has no history." />;
  const isAway = error !== null && isTemporary(problemIn(error));
  return (
    <>
      {isAway && <Without org={org} about={about} why="The history is unavailable." />}
      <Read {...read} from="page-history">
        {(extent) => (
          <>
            {!isAway && data && <Stale extent={extent} />}
            {children(extent)}
          </>
        )}
      </Read>
    </>
  );
}

interface WithoutProps {
  readonly org: string;
  readonly about: Asked | undefined;
  readonly why: string;
}

/** Says what one can do without the history. */
function Without({ org, about, why }: WithoutProps) {
  const command = traceCommand(org, about);
  return (
    <Notice actions={<Copy text={command} what="the command" />}>
      {why} Connections, handles and Explain still work. To trace an alert from Kafka: <code>{command}</code>
    </Notice>
  );
}

/** Says how far the history is behind, unless that is no more than usual. */
function Stale({ extent }: { readonly extent: Extent }) {
  const now = useNow();
  const { asOf } = extent;
  if (!isStale(extent, now)) return null;
  if (asOf === null)
    return (
      <Notice tone="waiting">
        The history is loading the topics for the first time. Many records are still missing.
      </Notice>
    );
  return (
    <Notice tone="waiting">
      The history is {behindBy(now - Date.parse(asOf))} behind. Events after <Time at={asOf} /> are not shown yet.
      Paging is not affected.
    </Notice>
  );
}

// It is read out each time it changes.
const behindBy = (ms: number): string => (ms < 60_000 ? 'more than 30 s' : duration(ms));
