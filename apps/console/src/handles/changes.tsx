import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Column } from '../look/list/data-table.tsx';
import { Time } from '../look/time/time.tsx';
import { ExplainLink } from './explain-link.tsx';
import { HandleList } from './handle-list.tsx';
import { type Change, changesQuery } from './queries.ts';
import { spanIn, spans } from './since.ts';

const route = getRouteApi('/o/$org/handles');

/** What the syncs have found changed, the latest first. */
export function Changes() {
  const { org } = route.useParams();
  const { view, since, after } = route.useSearch();
  const navigate = route.useNavigate();
  const span = spanIn(since);
  return (
    <HandleList
      view="changes"
      query={useQuery(changesQuery(org, spans[span].ms, after))}
      columns={columnsOf(org)}
      keyOf={(change) => JSON.stringify(change)}
      empty={`No handles changed in ${spans[span].words}.`}
    >
      <NativeSelect
        aria-label="Changes in"
        value={span}
        data={Object.entries(spans).map(([value, { words }]) => ({ value, label: words }))}
        onChange={({ currentTarget: { value } }) => void navigate({ search: { view, since: value }, replace: true })}
      />
    </HandleList>
  );
}

const columnsOf = (org: string): readonly Column<Change>[] => [
  { head: 'Time', cell: ({ at }) => <Time at={at} /> },
  { head: 'Change', cell: ({ kind }) => kind },
  {
    head: 'Handle',
    cell: ({ handle, from }) => (
      <span>
        <ExplainLink org={org} handle={handle} /> {from && 'previously '}
        {from && <ExplainLink org={org} handle={from} />}
      </span>
    ),
  },
  { head: 'Team', cell: ({ teamName }) => teamName },
  {
    head: 'Connections',
    cell: ({ connections }) => connections.map(({ connectionName }) => connectionName).join(', ') || 'none',
  },
];
