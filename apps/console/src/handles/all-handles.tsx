import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Connection, connectionsQuery, handlesOverQuery } from '../connections/queries.ts';
import type { Column } from '../look/list/data-table.tsx';
import { FilterField } from '../look/list/filter-field.tsx';
import { Time } from '../look/time/time.tsx';
import { ExplainLink } from './explain-link.tsx';
import { HandleList } from './handle-list.tsx';
import { type Handle, handlesQuery } from './queries.ts';

const route = getRouteApi('/o/$org/handles');

/** Every handle that the org may write, searched by handle-sync. */
export function AllHandles() {
  const { org } = route.useParams();
  const { q = '', connection = '', after } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(handlesQuery(org, { query: q, connection, cursor: after }));
  // Without connection-management there is no other connection to choose; the list is still there.
  const { data } = useQuery(connectionsQuery(org));
  const known = [{ id: '', name: 'All connections' }, ...(data?.items ?? [])];
  const others = known.some(({ id }) => id === connection) ? [] : [{ id: connection, name: 'Deleted connection' }];
  const asked = data?.items.filter(({ id }) => connection === '' || id === connection);
  const noHandle = 'No handles yet. Add a connection whose teams are on call.';
  return (
    <HandleList
      view="all"
      query={query}
      columns={columnsOf(org)}
      keyOf={({ connectionId, teamHandle, teamName }) => `${connectionId} ${teamHandle} ${teamName}`}
      note={asked?.map((its) => <LeftOut key={its.id} connection={its} />)}
      empty={q || connection ? 'No handles match these filters.' : noHandle}
    >
      <NativeSelect
        aria-label="Connection"
        value={connection}
        data={[...known, ...others].map(({ id, name }) => ({ value: id, label: name }))}
        onChange={({ currentTarget: { value } }) => void navigate({ search: { q, connection: value }, replace: true })}
      />
      <FilterField
        label="Filter by part of a handle"
        value={q}
        onChange={(text) => void navigate({ search: { q: text, connection }, replace: true })}
      />
    </HandleList>
  );
}

const leftOutWhile: Readonly<Record<string, string>> = { failing: 'its keys fail', disabled: 'it is disabled' };

/** Says that handle-sync leaves out the handles of a connection; nothing for one whose handles it lists. */
function LeftOut({ connection: { sourceOrg: org, id, name, status } }: { readonly connection: Connection }) {
  const why = leftOutWhile[status];
  // A connection also fails if only page-delivery cannot use its keys: its handles are listed.
  const { data } = useQuery({ ...handlesOverQuery(org, id), enabled: why !== undefined });
  if (!why || data?.total !== 0) return null;
  return (
    <p>
      Handles of{' '}
      <Link to="/o/$org/connections/$id" params={{ org, id }}>
        {name}
      </Link>{' '}
      are not shown while {why}.
    </p>
  );
}

const columnsOf = (org: string): readonly Column<Handle>[] => [
  {
    head: 'Handle',
    cell: ({ handle, ambiguous, qualifiedHandle }) => (
      <span>
        <ExplainLink org={org} handle={handle} /> {ambiguous && 'is claimed by several teams; for this team, use '}
        {ambiguous && <ExplainLink org={org} handle={qualifiedHandle} />}
      </span>
    ),
  },
  { head: 'Team', cell: ({ teamName }) => teamName },
  {
    head: 'Connection',
    cell: ({ connectionId: id, connectionName, dataCenter }) => (
      <span>
        <Link to="/o/$org/connections/$id" params={{ org, id }}>
          {connectionName}
        </Link>
        , {dataCenter}
      </span>
    ),
  },
  {
    head: 'Last sync',
    cell: ({ lastCompleteSyncAt }) => (lastCompleteSyncAt ? <Time at={lastCompleteSyncAt} as="ago" /> : 'not yet'),
  },
];
