import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet, useLocation } from '@tanstack/react-router';
import { PermittedLink } from '../look/form/permitted.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { FilterField } from '../look/list/filter-field.tsx';
import { useFirstOrder } from '../look/list/use-first-order.ts';
import { Read } from '../look/notice/read.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { Added } from './added.tsx';
import { CauseAndCure } from './cause-and-cure.tsx';
import { Enabled } from './enabled.tsx';
import { FilterLinks } from './filter-links.tsx';
import { matching, type Status, worstFirst } from './list.ts';
import { NoConnection } from './no-connection.tsx';
import { type Connection, connectionsQuery } from './queries.ts';

const route = getRouteApi('/o/$org/connections');

/** The connections of an org: those that fail come first, each with its cause and cure. */
export function ConnectionsScreen() {
  const { org } = route.useParams();
  const { status, q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(connectionsQuery(org));
  return (
    <>
      <Title text="Connections" query={query}>
        <PermittedLink
          permission="credentials:write"
          variant="filled"
          to="/o/$org/connections/new"
          params={{ org }}
          search
        >
          Add connection
        </PermittedLink>
      </Title>
      <Read query={query} what="Connections" from="connection-management">
        {({ items }) =>
          items.length === 0 ? (
            <NoConnection org={org} />
          ) : (
            <>
              <div className="spread">
                <FilterLinks org={org} connections={items} chosen={status as Status | undefined} />
                <FilterField
                  label="Filter by name, org or slug"
                  value={q}
                  onChange={(text) => void navigate({ search: { status, q: text }, replace: true })}
                />
              </div>
              <List connections={items} />
            </>
          )
        }
      </Read>
      <Outlet />
    </>
  );
}

/** Keeps the order in which all rows came first, also those that are filtered out: nothing moves under the pointer. */
function List({ connections }: { readonly connections: readonly Connection[] }) {
  const { status, q = '' } = route.useSearch();
  const added = useLocation({ select: ({ state }) => state.added });
  const rows = matching(
    useFirstOrder(connections, ({ id }) => id, worstFirst),
    status,
    q,
  );
  if (rows.length === 0) return <p>Nothing matches these filters.</p>;
  return (
    <DataTable
      label="Connections"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      mark={({ id, status }) => (status === 'failing' ? 'bad' : id === added ? 'new' : undefined)}
      below={(its) =>
        (its.fault || its.status === 'disabled' || its.id === added) && (
          <>
            {its.id === added && <Added org={its.sourceOrg} id={its.id} />}
            {its.status === 'disabled' && <Enabled connection={its} />}
            <CauseAndCure connection={its} />
          </>
        )
      }
    />
  );
}

const columns: readonly Column<Connection>[] = [
  { head: 'State', cell: ({ status }) => <StateMark state={status as Status} /> },
  {
    head: 'Name',
    cell: ({ sourceOrg: org, id, name }) => (
      <Link to="/o/$org/connections/$id" params={{ org, id }}>
        {name}
      </Link>
    ),
  },
  { head: 'Destination', cell: ({ destinationOrg, dataCenter }) => `${destinationOrg.name}, ${dataCenter}` },
  { head: 'Teams', cell: ({ lastSync }) => lastSync?.teams ?? 'unknown' },
  {
    head: 'Last sync',
    cell: ({ lastCompleteSyncAt }) => (lastCompleteSyncAt ? <Time at={lastCompleteSyncAt} as="ago" /> : 'not yet'),
  },
  { head: 'Keys', cell: ({ credentials }) => <code>…{credentials.applicationKeyLast4}</code> },
  { head: 'Backup', cell: ({ failover }) => failover?.teamHandle ?? 'none' },
];
