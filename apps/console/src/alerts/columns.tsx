import { Link } from '@tanstack/react-router';
import type { Column } from '../look/list/data-table.tsx';
import { Sentence } from '../look/notice/sentence.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import type { Alert, Mention, Page } from './queries.ts';
import { becameOf, markOf, worstFirst } from './words.ts';

const here = '/o/$org/alerts';
const maxShown = 3;

export const keyOfAlert = ({ alertKey, eventId, at }: Alert): string => `${alertKey} ${eventId} ${at}`;
export const keyOfPage = ({ pageId, alertKey, eventId, handle }: Page): string =>
  pageId ?? `${alertKey} ${eventId} ${handle}`;

const TraceLink = ({ alertKey, eventId, title }: Pick<Alert, 'alertKey' | 'eventId' | 'title'>) => (
  <Link from={here} to="/o/$org/trace" search={{ alert: alertKey, event: eventId }}>
    <bdi>{title || alertKey}</bdi> {title && <code>{alertKey}</code>}
  </Link>
);

/** The state of a mention; it leads to those that have the same one. */
const Became = ({ mention, at }: { readonly mention: Mention; readonly at: string }) => {
  const [state, word] = markOf(mention);
  return (
    <div className="row">
      <Link from={here} to={here} search={(old) => ({ ...old, state: mention.state, after: undefined })}>
        <StateMark state={state} word={word} />
      </Link>
      <span>
        <Sentence text={becameOf(mention, at)} />
      </span>
    </div>
  );
};

function Mentions({ alert: { mentions, moreMentions, at, alertKey, eventId } }: { readonly alert: Alert }) {
  if (mentions.length === 0) return <StateMark state="unknown" word="No handle, or not routed yet" />;
  const more = mentions.length + moreMentions - maxShown;
  return (
    <>
      {worstFirst(mentions)
        .slice(0, maxShown)
        .map((mention) => (
          <Became key={mention.pageId ?? mention.handle} mention={mention} at={at} />
        ))}
      {more > 0 && (
        <Link from={here} to="/o/$org/trace" search={{ alert: alertKey, event: eventId }}>
          and {more} more
        </Link>
      )}
    </>
  );
}

export const alertColumns: readonly Column<Alert>[] = [
  { head: 'Time', cell: ({ at }) => <Time at={at} /> },
  { head: 'Alert', cell: (alert) => <TraceLink {...alert} /> },
  { head: 'Result', cell: (alert) => <Mentions alert={alert} /> },
];

export const pageColumns: readonly Column<Page>[] = [
  { head: 'Time', cell: ({ at }) => <Time at={at} /> },
  { head: 'Page', cell: (page) => <Became mention={page} at={page.at} /> },
  { head: 'Alert', cell: (page) => <TraceLink {...page} /> },
  {
    head: 'Handle',
    cell: ({ handle }) => (
      <Link from={here} to={here} search={(old) => ({ ...old, handle, after: undefined })} className="mono">
        {handle}
      </Link>
    ),
  },
  { head: 'Urgency', cell: ({ urgency }) => urgency ?? 'unknown' },
  { head: 'Attempts', cell: ({ attempts }) => attempts },
  { head: 'Destination page', cell: ({ destinationPageId }) => destinationPageId && <code>{destinationPageId}</code> },
];
