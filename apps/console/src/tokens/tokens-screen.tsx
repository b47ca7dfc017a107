import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { useAsk } from '../look/form/ask.tsx';
import { Permitted, PermittedLink, removes } from '../look/form/permitted.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { Read } from '../look/notice/read.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { type Token, tokensQuery } from './queries.ts';
import { askToRevoke, rightsOf } from './words.ts';

const route = getRouteApi('/o/$org/tokens');

/** The API tokens of an org, for programs that cannot get a token from an OpenID provider. */
export function TokensScreen() {
  const { org } = route.useParams();
  const { after } = route.useSearch();
  const query = useQuery(tokensQuery(org, after));
  return (
    <>
      <Title text="API tokens" query={query}>
        <PermittedLink permission="tokens:write" variant="filled" to="/o/$org/tokens/new" params={{ org }} search>
          Create token
        </PermittedLink>
      </Title>
      <Read query={query} what="API tokens" from="connection-management">
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <p>No API token yet. Tokens are for programs; people sign in.</p>
            ) : (
              <DataTable label="API tokens" columns={columns} rows={items} keyOf={({ id }) => id} />
            )}
            <PageLinks after={after} next={next} />
          </>
        )}
      </Read>
      <Outlet />
    </>
  );
}

const columns: readonly Column<Token>[] = [
  { head: 'State', cell: ({ status }) => <StateMark state={status} /> },
  {
    head: 'Name',
    cell: ({ name, last4 }) => (
      <span>
        {name} <code>…{last4}</code>
      </span>
    ),
  },
  { head: 'Permissions', cell: rightsOf },
  { head: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} as="ago" /> : 'never') },
  { head: 'Expires', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  { head: 'Action', cell: (token) => token.status === 'active' && <Revoke token={token} /> },
];

function Revoke({ token }: { readonly token: Token }) {
  const { sourceOrg: org, id, name } = token;
  const revoke = useMutation({
    mutationFn: () =>
      bodyFrom(connectionManagement.DELETE('/v1/source-orgs/{org}/tokens/{id}', { params: { path: { org, id } } })),
  });
  const ask = useAsk();
  const start = () => ask('Revoke', askToRevoke(token, Date.now()), revoke.mutate);
  return (
    <div>
      <Permitted permission="tokens:write" loading={revoke.isPending} onClick={start} {...removes}>
        Revoke<span className="visually-hidden"> {name}</span>
      </Permitted>
      {revoke.error && <ProblemWords error={revoke.error} />}
    </div>
  );
}
