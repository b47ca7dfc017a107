import { Button } from '@mantine/core';
import type { Hop } from '@pagebridge/trace/words';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { HistoryRead } from '../history/history-read.tsx';
import { useHasHistory } from '../history/queries.ts';
import { Notice } from '../look/notice/notice.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { StateMark, wordOf } from '../look/state-mark.tsx';
import { useNow } from '../look/time/clock.ts';
import { Time } from '../look/time/time.tsx';
import { resolveTest, watchedQuery } from './queries.ts';
import { after, isAccepted, isOver, stepsOf } from './steps.ts';

const slowMs = 60_000;

interface ProgressProps {
  readonly org: string;
  readonly test: { readonly id: string; readonly alertKey: string; readonly sentAt: string };
  /** The name of the destination org. */
  readonly destination: string;
}

/** The steps of a test page as they are taken. Resolves it once it was accepted. */
export function Progress({ org, test, destination }: ProgressProps) {
  const { id, alertKey, sentAt } = test;
  const query = useQuery({ ...watchedQuery(org, alertKey), enabled: useHasHistory() !== false });
  const { mutate: resolve, isIdle, ...resolution } = useMutation({ mutationFn: () => resolveTest(org, id) });
  const hops = query.data?.hops ?? [];
  const accepted = isAccepted(hops);
  useEffect(() => {
    if (accepted && isIdle) resolve();
  }, [accepted, isIdle, resolve]);
  return (
    <section className="stack" aria-label="Steps">
      <HistoryRead org={org} query={query} what="Steps" about={{ alert: alertKey }}>
        {() => <Steps sentAt={sentAt} hops={hops} destination={destination} />}
      </HistoryRead>
      {query.data && !accepted && <Slow sentAt={sentAt} sentence={query.data.answer.sentence} />}
      {resolution.error && <ProblemWords error={resolution.error} />}
      {!isOver(hops) && (
        <div className="row">
          <Button loading={resolution.isPending} onClick={() => resolve()}>
            Resolve now
          </Button>
          <span>
            {resolution.isSuccess
              ? 'Recovery sent.'
              : 'If you leave, the page is resolved automatically within 10 minutes.'}
          </span>
        </div>
      )}
      <p>
        <Link to="/o/$org/trace" params={{ org }} search={{ alert: alertKey }}>
          Trace
        </Link>
      </p>
    </section>
  );
}

interface StepsProps {
  readonly sentAt: string;
  readonly hops: readonly Hop[];
  readonly destination: string;
}

function Steps({ sentAt, hops, destination }: StepsProps) {
  return (
    <ol className="plain stack" aria-live="polite">
      {stepsOf(sentAt, hops, destination).map(({ state, word = wordOf(state), text, at }) => (
        <li key={word} className="row">
          <StateMark state={state} word={word} />
          {text && <span>{text}</span>}
          {at && (
            <span className="dim">
              <Time at={at} /> {at !== sentAt && after(sentAt, at)}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Says what is known of a test page that is not accepted within a minute; it is watched on. */
function Slow({ sentAt, sentence }: { readonly sentAt: string; readonly sentence: string }) {
  if (useNow() - Date.parse(sentAt) < slowMs) return null;
  return <Notice tone="waiting">Not accepted within a minute. {sentence} Still watching.</Notice>;
}
