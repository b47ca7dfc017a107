import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ProblemError } from '../api/problem.ts';
import { HistoryRead } from '../history/history-read.tsx';
import { type Extent, useHasHistory } from '../history/queries.ts';
import { useLiveness } from '../live/live.ts';
import { counted } from '../look/counted.ts';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { News } from '../look/list/news.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { useSteady } from '../look/list/use-steady.ts';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { alertColumns, keyOfAlert, keyOfPage, pageColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { alertsQuery, pagesQuery } from './queries.ts';
import { spanIn, spans } from './range.ts';
import { stateFilters } from './words.ts';

const route = getRouteApi('/o/$org/alerts');
const views = { alerts: 'Alerts', pages: 'Pages' } as const;

/** The alerts of an org and what became of them, or its pages: the latest first, in places that stay. */
export function AlertsScreen() {
  const { org } = route.useParams();
  const { view, ...filters } = route.useSearch();
  const enabled = useHasHistory() !== false;
  const isOfPages = view === 'pages';
  const alerts = useQuery({ ...alertsQuery(org, filters), enabled: enabled && !isOfPages });
  const pages = useQuery({ ...pagesQuery(org, filters), enabled: enabled && isOfPages });
  // Another org or other filters make another list, whose rows have their own places.
  const key = JSON.stringify([org, filters]);
  return (
    <div className="stack">
      <Title text="Alerts and pages" query={isOfPages ? pages : alerts}>
        <Liveness />
      </Title>
      <nav aria-label="Lists" className="row">
        {Object.entries(views).map(([name, word]) => (
          <Link
            key={name}
            from="/o/$org/alerts"
            to="/o/$org/alerts"
            search={(old) => ({ ...old, view: name === 'pages' ? name : undefined, after: undefined })}
            aria-current={(name === 'pages') === isOfPages ? 'true' : undefined}
            activeOptions={{ exact: true }}
          >
            {word}
          </Link>
        ))}
      </nav>
      <Filters />
      {isOfPages ? (
        <List key={`pages ${key}`} what="Pages" query={pages} columns={pageColumns} keyOf={keyOfPage} />
      ) : (
        <List key={`alerts ${key}`} what="Alerts" query={alerts} columns={alertColumns} keyOf={keyOfAlert} />
      )}
    </div>
  );
}

/** Whether events of the history come as they happen. */
function Liveness() {
  const { org } = route.useParams();
  return <span className="dim">{useLiveness(org) ? 'live' : 'refreshed every 15 s'}</span>;
}

interface ListProps<Row, Answer> {
  readonly what: string;
  readonly query: UseQueryResult<Answer, ProblemError>;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
}
type Answer<Row> = Extent & { readonly items: readonly Row[]; next: string | null };

function List<Row>({ query, ...list }: ListProps<Row, Answer<Row>>) {
  const { org } = route.useParams();
  return (
    <HistoryRead org={org} query={query} what={list.what}>
      {(answer) => <Rows answer={answer} {...list} />}
    </HistoryRead>
  );
}

type RowsProps<Row> = Omit<ListProps<Row, never>, 'query'> & { readonly answer: Answer<Row> };

function Rows<Row>({ answer, what, columns, keyOf }: RowsProps<Row>) {
  const { after } = route.useSearch();
  const { rows, ...fresh } = useSteady(answer.items, keyOf);
  return (
    <div className="stack">
      <News {...fresh} isFirst={after === undefined}>
        {rows.length > 0 && `${counted(rows.length, what === 'Pages' ? 'page' : 'alert')}, latest first`}
      </News>
      {rows.length > 0 ? (
        <DataTable label={what} columns={columns} rows={rows} keyOf={keyOf} />
      ) : (
        <Empty asOf={answer.asOf} what={what === 'Pages' ? 'page' : 'alert'} />
      )}
      <div className="row">
        <PageLinks after={after} next={answer.next} />
        <span className="dim">
          Records before <Time at={answer.keptSince} /> have expired.
        </span>
      </div>
    </div>
  );
}

/** Why there are no rows. */
function Empty({ asOf, what }: { readonly asOf: string | null; readonly what: string }) {
  const { state, handle, connection, q, from, to, after } = route.useSearch();
  if (after) return <p>No results on this page.</p>;
  const span = spanIn(from);
  const chosen = [
    state && `state “${stateFilters.find(({ value }) => value === state)?.label ?? state}”`,
    handle && `handle ${handle}`,
    connection && 'this connection',
    q && `“${q}”`,
  ].filter(Boolean);
  const sought = q && span === '30d' ? '7d' : span;
  const when = sought && !to ? ` in ${spans[sought].words}` : ' in this period';
  return (
    <div className="row">
      {chosen.length > 0 ? (
        <p>
          No results for {chosen.join(', ')}
          {when}.
        </p>
      ) : (
        <p>
          No {what}
          {when}.{' '}
          {asOf && (
            <>
              Data is complete up to <Time at={asOf} />.
            </>
          )}
        </p>
      )}
      {from !== '30d' && (
        <Link from="/o/$org/alerts" to="/o/$org/alerts" search={(old) => ({ ...old, from: '30d', to: undefined })}>
          Last 30 days
        </Link>
      )}
    </div>
  );
}
