import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { connectionsQuery } from '../connections/queries.ts';
import { usePagesOver } from '../history/use-pages-over.ts';
import { Read } from '../look/notice/read.tsx';
import { Title } from '../look/title.tsx';
import { Branch, Tree } from './branch.tsx';

const route = getRouteApi('/o/$org/map');

/** Whom an org pages, and over which connections. */
export function OrgMap() {
  const { org } = route.useParams();
  const query = useQuery(connectionsQuery(org));
  const { pagesOf, isError } = usePagesOver(org);
  return (
    <div className="stack">
      <Title text="Map" query={query} />
      {isError && <p className="dim">Pages are not counted because the history is unavailable.</p>}
      <Read query={query} what="Connections" from="connection-management">
        {({ items }) => (
          <Tree>
            <Branch org={org} connections={items} pagesOver={pagesOf} />
          </Tree>
        )}
      </Read>
    </div>
  );
}
