import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { connectionsQuery } from '../connections/queries.ts';
import { PageLinks } from '../look/list/page-links.tsx';
import { useFirstOrder } from '../look/list/use-first-order.ts';
import { Loading } from '../look/notice/loading.tsx';
import { Read } from '../look/notice/read.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { sourceOrgsQuery } from '../orgs/queries.ts';
import { Branch, OrgNode, Tree } from './branch.tsx';
import { failingFirst, type ReadOrg } from './failing-first.ts';

const route = getRouteApi('/map');
/** How many orgs stand on a page: the connections of each are read by a request of their own. */
const atOnce = 20;

/** The map of all orgs that the person may see. */
export function OrgsMap() {
  const { after } = route.useSearch();
  const query = useQuery(sourceOrgsQuery(after, atOnce));
  return (
    <div className="stack">
      <Title text="Map of all orgs" query={query} />
      <Read query={query} what="Source orgs" from="connection-management">
        {({ items, next }) => {
          const paging = items.filter(({ connections }) => connections > 0).map(({ sourceOrg }) => sourceOrg);
          return (
            <>
              <p>
                {paging.length} of {items.length} orgs{(after || next) && ' on this page'} have a connection. Failing
                orgs come first.
              </p>
              <Orgs key={after} orgs={paging} />
              <PageLinks after={after} next={next} />
            </>
          );
        }}
      </Read>
    </div>
  );
}

/** The orgs with their connections. They are shown once all are read, and none moves afterwards. */
function Orgs({ orgs }: { readonly orgs: readonly string[] }) {
  const queries = useQueries({
    queries: orgs.map((org) => ({ ...connectionsQuery(org), meta: { everyMs: 60_000 } })),
  });
  if (queries.some(({ isPending }) => isPending)) return <Loading from="connection-management" />;
  const oldest = Math.min(...queries.map(({ dataUpdatedAt }) => dataUpdatedAt));
  return (
    <>
      <p className="dim">
        {queries.some(({ error }) => error) && 'Some orgs could not be refreshed. '}
        {oldest > 0 && (
          <>
            As of <Time at={oldest} />.
          </>
        )}
      </p>
      <Ordered read={orgs.map((org, at) => ({ org, connections: queries[at]?.data?.items }))} />
    </>
  );
}

function Ordered({ read }: { readonly read: readonly ReadOrg[] }) {
  const ordered = useFirstOrder(read, ({ org }) => org, failingFirst);
  return (
    <Tree>
      {ordered.map(({ org, connections }) =>
        connections ? (
          <Branch key={org} org={org} connections={connections} />
        ) : (
          <OrgNode key={org} org={org}>
            <StateMark state="unknown" word="Connection status unknown" />
          </OrgNode>
        ),
      )}
    </Tree>
  );
}
