import { placeOf } from '@pagebridge/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { HistoryRead } from '../history/history-read.tsx';
import { useHasHistory } from '../history/queries.ts';
import { counted } from '../look/counted.ts';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { News } from '../look/list/news.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { useSteady } from '../look/list/use-steady.ts';
import { Sentence } from '../look/notice/sentence.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { useMay } from '../session/me.ts';
import { Chosen } from './chosen.tsx';
import { type DeadLetter, deadLettersQuery } from './queries.ts';
import { Unreadable } from './unreadable.tsx';
import { kindOf } from './words.ts';

const here = '/o/$org/dead-letters';
const route = getRouteApi(here);

/** The alerts and pages of an org that came to nothing, why, and what sending them again does. */
export function DeadLettersScreen() {
  const { org } = route.useParams();
  const search = route.useSearch();
  const query = useQuery({ ...deadLettersQuery(org, search), enabled: useHasHistory() !== false });
  const may = useMay(org, 'dead-letters:replay');
  const filters = [search.topic && `topic ${search.topic}`, search.reason && `reason ${search.reason}`];
  const filtered = filters.filter(Boolean).join(', ');
  return (
    <div className="stack">
      <Title text="Dead letters" query={query} />
      {filtered && (
        <div className="row">
          <span>Only {filtered}.</span>
          <Link from={here} to={here} search={{}} activeOptions={{ exact: true }}>
            All dead letters
          </Link>
        </div>
      )}
      <HistoryRead org={org} query={query} what="Dead letters">
        {({ items, replay, keptSince, next }) => (
          <>
            {items.length === 0 && (
              <p>
                {filtered || search.after ? 'No dead letters on this page.' : `No dead letters of ${org}`}
                {!filtered && !search.after && (
                  <>
                    {' '}
                    since <Time at={keptSince} />.
                  </>
                )}
              </p>
            )}
            {/* Another org, page or filter begins with nothing chosen. */}
            {items.length > 0 && <List key={JSON.stringify([org, search])} org={org} letters={items} isOn={replay} />}
            <PageLinks after={search.after} next={next} />
          </>
        )}
      </HistoryRead>
      {may && <Unreadable />}
    </div>
  );
}

interface ListProps {
  readonly org: string;
  readonly letters: readonly DeadLetter[];
  readonly isOn: boolean;
}

function List({ org, letters: read, isOn }: ListProps) {
  const { after } = route.useSearch();
  const { rows: letters, ...fresh } = useSteady(read, placeOf);
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const chosen = letters.filter((letter) => names.has(placeOf(letter)));
  const toggle = (name: string) => {
    const others = new Set(names);
    if (!others.delete(name)) others.add(name);
    setNames(others);
  };
  const columns: readonly Column<DeadLetter>[] = [
    {
      head: 'Select',
      cell: (letter) => (
        <input
          type="checkbox"
          aria-label={`Select ${letter.title || placeOf(letter)}`}
          checked={names.has(placeOf(letter))}
          onChange={() => toggle(placeOf(letter))}
        />
      ),
    },
    { head: 'Time', cell: ({ at }) => <Time at={at} /> },
    { head: 'Dead letter', cell: (letter) => <What letter={letter} /> },
    {
      head: 'Reason',
      cell: ({ reason, detail }) => (
        <span>
          <Link from={here} to={here} search={(old) => ({ ...old, reason, after: undefined })}>
            {reason}
          </Link>
          : <Sentence text={detail} />
        </span>
      ),
    },
  ];
  return (
    <>
      <Chosen org={org} letters={chosen} isOn={isOn} onClear={() => setNames(new Set())} />
      <News {...fresh} isFirst={after === undefined}>
        {counted(letters.length, 'dead letter')}, latest first
      </News>
      <DataTable label="Dead letters" columns={columns} rows={letters} keyOf={placeOf} below={({ cure }) => cure} />
    </>
  );
}

function What({ letter }: { readonly letter: DeadLetter }) {
  const { alertKey, title, of } = letter;
  const { topic } = of;
  return (
    <span>
      <Link from={here} to={here} search={(old) => ({ ...old, topic, after: undefined })}>
        {kindOf(letter)}
      </Link>{' '}
      {alertKey === null ? (
        <bdi>{title}</bdi>
      ) : (
        <Link from={here} to="/o/$org/trace" search={{ alert: alertKey }}>
          <bdi>{title || alertKey}</bdi>
        </Link>
      )}
    </span>
  );
}
