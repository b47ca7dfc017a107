import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { connectionsQuery } from '../connections/queries.ts';
import { useHistory } from '../history/queries.ts';
import { Read } from '../look/notice/read.tsx';
import { useNow } from '../look/time/clock.ts';
import { Title } from '../look/title.tsx';
import { Branch, Tree } from './branch.tsx';
import { pagesOver } from './counts.ts';
import { countsQuery } from './queries.ts';

const route = getRouteApi('/o/$org/map');

/** Whom an org pages, and over which connections. */
export function OrgMap() {
  const { org } = route.useParams();
  const query = useQuery(connectionsQuery(org));
  const hasHistory = useHistory(org);
  const { data: counts, error } = useQuery({ ...countsQuery(org), enabled: hasHistory });
  const now = useNow();
  return (
    <div className="stack">
      <Title text="Map" query={query} />
      {error && <p className="dim">Pages are not counted because the history is unavailable.</p>}
      <Read query={query} what="Connections" from="connection-management">
        {({ items }) => (
          <Tree>
            <Branch org={org} connections={items} pagesOver={(id) => counts && pagesOver(id, counts, now)} />
          </Tree>
        )}
      </Read>
    </div>
  );
}
