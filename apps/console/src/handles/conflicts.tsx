import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Column } from '../look/list/data-table.tsx';
import { Contenders } from './contenders.tsx';
import { ExplainLink } from './explain-link.tsx';
import { HandleList } from './handle-list.tsx';
import { type Conflict, conflictsQuery } from './queries.ts';

const route = getRouteApi('/o/$org/handles');

/** The handles that mean more than one team, or are local too: who wins, and what to write for each team. */
export function Conflicts() {
  const { org } = route.useParams();
  const { after } = route.useSearch();
  return (
    <HandleList
      view="conflicts"
      query={useQuery(conflictsQuery(org, after))}
      columns={columnsOf(org)}
      keyOf={({ handle }) => handle}
      below={({ contenders, local }) => <Contenders contenders={contenders} isLocal={local} />}
      empty="No handle is claimed by several teams."
    />
  );
}

const columnsOf = (org: string): readonly Column<Conflict>[] => [
  { head: 'Handle', cell: ({ handle }) => <ExplainLink org={org} handle={handle} /> },
  { head: 'Teams', cell: ({ contenders }) => contenders.length },
  { head: 'Winner', cell: ({ contenders }) => contenders.find(({ paged }) => paged)?.connectionName ?? 'nobody' },
];
