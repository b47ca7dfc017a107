import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Copy } from '../look/copy.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { Read } from '../look/notice/read.tsx';
import { StateMark, wordOf } from '../look/state-mark.tsx';
import { useNow } from '../look/time/clock.ts';
import { Time } from '../look/time/time.tsx';
import { sessionQuery } from '../session/session.ts';
import { resolveTest, watchedQuery } from './queries.ts';
import { after, type Hop, isAccepted, isOver, stepsOf } from './steps.ts';

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
  const { data: session } = useQuery(sessionQuery);
  const hasHistory = session?.services.includes('page-history') ?? true;
  const query = useQuery({ ...watchedQuery(org, alertKey), enabled: hasHistory });
  const { mutate: resolve, isIdle, ...resolution } = useMutation({ mutationFn: () => resolveTest(org, id) });
  const hops = query.data?.hops ?? [];
  const accepted = isAccepted(hops);
  useEffect(() => {
    if (accepted && isIdle) resolve();
  }, [accepted, isIdle, resolve]);
  return (
    <section className="stack" aria-label="Steps">
      {hasHistory ? (
        <Read query={query} what="Its steps" from="page-history">
          {() => <Steps sentAt={sentAt} hops={hops} destination={destination} />}
        </Read>
      ) : (
        <p>
          <StateMark state="passed" word="Sent" /> <Time at={sentAt} />
        </p>
      )}
      {(!hasHistory || query.error) && <WithoutHistory org={org} alertKey={alertKey} hasHistory={hasHistory} />}
      {query.data && !accepted && <Slow sentAt={sentAt} sentence={query.data.sentence} />}
      {resolution.error && <ProblemWords error={resolution.error} />}
      {!isOver(hops) && (
        <div className="row">
          <Button loading={resolution.isPending} onClick={() => resolve()}>
            Resolve now
          </Button>
          <span>
            {resolution.isSuccess
              ? 'Its recovery was sent.'
              : 'If you leave, it is resolved by itself within 10 minutes.'}
          </span>
        </div>
      )}
      <p>
        <a href={`/o/${org}/trace?${new URLSearchParams({ alert: alertKey })}`}>Its trace</a>
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
  return <Notice tone="waiting">Not accepted within a minute. {sentence} It is watched on.</Notice>;
}

interface WithoutHistoryProps {
  readonly org: string;
  readonly alertKey: string;
  readonly hasHistory: boolean;
}

function WithoutHistory({ org, alertKey, hasHistory }: WithoutHistoryProps) {
  const command = `pagebridge trace ${alertKey} --org ${org} --kafka`;
  return (
    <Notice actions={<Copy text={command} what="the command" />}>
      {hasHistory
        ? 'The history does not answer, so its steps cannot be watched now. '
        : 'This console is connected to no page-history, so its steps cannot be watched. '}
      To see them without it: <code>{command}</code>
    </Notice>
  );
}
