import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useHasHistory } from '../history/queries.ts';
import { Copy } from '../look/copy.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { Read } from '../look/notice/read.tsx';
import { meQuery } from '../session/me.ts';
import { sessionQuery } from '../session/session.ts';

/** Leads to the alerts of the person's only org, without a history to its connections; or to the list of orgs. */
export function Home() {
  const query = useQuery(meQuery);
  const hasHistory = useHasHistory();
  return (
    <Read query={query} what="Your orgs" from="page-routing">
      {({ grants }) => {
        const [first] = grants;
        if (!first) return <NoOrg />;
        if (grants.length > 1 || first.sourceOrg === '*') return <Navigate to="/orgs" replace />;
        const to = hasHistory ? '/o/$org/alerts' : '/o/$org/connections';
        return <Navigate to={to} params={{ org: first.sourceOrg }} replace />;
      }}
    </Read>
  );
}

/** What a person reads whom no rule of the access policy names. */
export function NoOrg() {
  const { data: session } = useQuery(sessionQuery);
  const who = `issuer ${session?.issuer}, subject ${session?.subject}`;
  return (
    <Notice actions={<Copy text={who} what="issuer and subject" />}>
      You are signed in as {session?.name}, but the access policy gives you no source org. Send this to your operator:{' '}
      <code>{who}</code>. {session?.helpText}
    </Notice>
  );
}
