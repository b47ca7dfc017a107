import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { PermittedLink, removes } from '../../look/form/permitted.tsx';
import { Notice } from '../../look/notice/notice.tsx';
import { Read } from '../../look/notice/read.tsx';
import { Title } from '../../look/title.tsx';
import { connectionQuery } from '../queries.ts';
import { Keys, LastChanges, State } from './panels.tsx';
import { Sharing } from './sharing.tsx';

const route = getRouteApi('/o/$org/connections/$id');

/** One connection: whether it pages, why not, with which keys, and what was done with it. */
export function ConnectionScreen() {
  const params = route.useParams();
  const query = useQuery(connectionQuery(params.org, params.id));
  const known = query.data?.value;
  const list = (
    <Link to="/o/$org/connections" params={params}>
      Connections
    </Link>
  );
  if (query.error?.problem?.status === 404) {
    const gone = known?.deletion && `${known.name} was deleted.`;
    return (
      <Notice actions={list}>
        {gone ?? `This connection does not exist in ${params.org}, or you have no access to it.`}
      </Notice>
    );
  }
  return (
    <>
      <Title text={known?.name ?? 'Connection'} query={query}>
        <PermittedLink permission="alerts:test" to="/o/$org/test" params={params} search={{ connection: params.id }}>
          Send a test page
        </PermittedLink>
        <PermittedLink permission="connections:write" to="/o/$org/connections/$id/backup" params={params}>
          Name and backup
        </PermittedLink>
        <PermittedLink permission="connections:write" to="/o/$org/connections/$id/remove" params={params} {...removes}>
          Delete
        </PermittedLink>
      </Title>
      <Read query={query} what="Connection" from="connection-management">
        {({ value, etag }) => (
          <>
            <State connection={value} />
            <Keys connection={value} />
            <Sharing connection={value} etag={etag} />
          </>
        )}
      </Read>
      <LastChanges {...params} />
      <Outlet />
    </>
  );
}
