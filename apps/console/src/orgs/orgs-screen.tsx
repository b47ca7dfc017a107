import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { NoOrg } from '../frame/home.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { FilterField } from '../look/list/filter-field.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { Read } from '../look/notice/read.tsx';
import { Title } from '../look/title.tsx';
import { meQuery } from '../session/me.ts';
import { roleFrom } from '../session/permissions.ts';
import { sourceOrgsQuery } from './queries.ts';

const route = getRouteApi('/orgs');

/** The source orgs of the person; for an operator those of everybody. */
export function OrgsScreen() {
  const me = useQuery(meQuery);
  return (
    <div className="stack">
      <Title text="Source orgs">
        <Link to="/map">Map</Link>
      </Title>
      <Read query={me} what="Your orgs" from="page-routing">
        {({ grants }) => {
          if (grants.length === 0) return <NoOrg />;
          if (grants.some(({ sourceOrg }) => sourceOrg === '*')) return <AllOrgs />;
          const rows = grants.map(({ sourceOrg, permissions }) => [sourceOrg, roleFrom(permissions)] as const);
          return <List filter="Filter by name" head="Your role" rows={rows} />;
        }}
      </Read>
    </div>
  );
}

/** An org that has nothing yet is not listed, but an operator may open it. */
function AllOrgs() {
  const { after, q } = route.useSearch();
  const query = useQuery(sourceOrgsQuery(after, 200));
  return (
    <>
      <p>You are an operator, with all permissions in each org.</p>
      <Read query={query} what="Source orgs" from="connection-management">
        {({ items, next }) => {
          const rows = items.map(({ sourceOrg, connections }) => [sourceOrg, connections] as const);
          return (
            <>
              <List filter="Filter this page by name, or enter another org" head="Connections" rows={rows} />
              {q && !rows.some(([org]) => org === q) && <ToOrg org={q} word={`Open ${q}, which is not on this page`} />}
              <PageLinks after={after} next={next} />
            </>
          );
        }}
      </Read>
    </>
  );
}

type Row = readonly [org: string, what: string | number | undefined];

type Words = Readonly<Record<'filter' | 'head', string>>;

function List({ filter, head, rows }: Words & { readonly rows: readonly Row[] }) {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const columns: readonly Column<Row>[] = [
    { head: 'Org', cell: ([org]) => <ToOrg org={org} word={org} /> },
    { head, cell: ([, what]) => what ?? 'individual permissions' },
  ];
  return (
    <>
      <FilterField
        label={filter}
        value={q}
        onChange={(text) => void navigate({ search: (old) => ({ ...old, q: text.trim() }), replace: true })}
      />
      <DataTable
        label="Source orgs"
        columns={columns}
        rows={rows.filter(([org]) => org.includes(q.toLowerCase()))}
        keyOf={([org]) => org}
      />
    </>
  );
}

const ToOrg = ({ org, word }: { readonly org: string; readonly word: string }) => (
  <Link to="/o/$org/connections" params={{ org }}>
    {word}
  </Link>
);
