import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DataTable, type DataTableProps } from '../look/list/data-table.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { Read } from '../look/notice/read.tsx';
import { Title } from '../look/title.tsx';

const route = getRouteApi('/o/$org/handles');
const views = {
  all: ['Handles', 'handle-sync'],
  conflicts: ['Conflicts', 'page-routing'],
  changes: ['Changes', 'handle-sync'],
} as const;

interface HandleListProps<Row> extends Pick<DataTableProps<Row>, 'columns' | 'keyOf' | 'below'> {
  readonly view: keyof typeof views;
  readonly query: UseQueryResult<{ readonly items: readonly Row[]; next: string | null; total?: number }>;
  /** What stands in place of rows. */
  readonly empty: string;
  /** What is not among the rows. */
  readonly note?: ReactNode;
  /** The filters of this list. */
  readonly children?: ReactNode;
}

/** One of the three lists of handles, in pages. Each has its own filters, so that the links to the others keep none. */
export function HandleList<Row>({ view, query, empty, note, children, ...table }: HandleListProps<Row>) {
  const { org } = route.useParams();
  const { after } = route.useSearch();
  const [what, from] = views[view];
  return (
    <div className="stack">
      <Title text={what} query={query} />
      <div className="spread">
        <nav aria-label="Lists of handles" className="row">
          {Object.entries(views).map(([name, [word]]) => (
            <Link
              key={name}
              to="/o/$org/handles"
              params={{ org }}
              search={name === 'all' ? {} : { view: name }}
              activeOptions={{ exact: true }}
              aria-current={name === view ? 'true' : undefined}
            >
              {word}
            </Link>
          ))}
        </nav>
        <div className="row">{children}</div>
      </div>
      {note}
      <Read query={query} what={what} from={from}>
        {({ items, total, next }) => (
          <div className="stack" aria-busy={query.isPlaceholderData}>
            {total !== undefined && <p className="dim">{total === 1 ? '1 handle' : `${total} handles`}</p>}
            {items.length > 0 && <DataTable label={what} rows={items} {...table} />}
            {items.length === 0 && (
              <p>
                {next
                  ? 'No results on this page; the next page may have some.'
                  : after
                    ? 'No results on this page.'
                    : empty}
              </p>
            )}
            <PageLinks after={after} next={next} />
          </div>
        )}
      </Read>
    </div>
  );
}
