import { handleOf } from '@pagebridge/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { PermittedLink, removes } from '../look/form/permitted.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { Read } from '../look/notice/read.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { useNow } from '../look/time/clock.ts';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { type Integration, integrationsQuery } from './queries.ts';
import { endOf, kindWords, lastUseOf, latestOf } from './words.ts';

const route = getRouteApi('/o/$org/integrations');

/** The alerting systems that send alerts of an org over HTTP. */
export function IntegrationsScreen() {
  const { org } = route.useParams();
  const query = useQuery(integrationsQuery(org));
  return (
    <>
      <Title text="Integrations" query={query}>
        <PermittedLink permission="tokens:write" variant="filled" to="/o/$org/integrations/new" params={{ org }}>
          Add integration
        </PermittedLink>
      </Title>
      <Read query={query} what="Integrations" from="connection-management">
        {(integrations) =>
          integrations.length === 0 ? (
            <p>
              No integration yet. An integration lets Alertmanager, Grafana or your own programs send alerts of {org}{' '}
              over HTTP. Add one, and copy its token and configuration to that system.
            </p>
          ) : (
            <DataTable
              label="Integrations"
              columns={columns}
              rows={integrations}
              keyOf={({ name }) => name}
              below={({ tokens }) => {
                const refusal = latestOf(tokens.map(({ lastRefusal }) => lastRefusal));
                const nameless = latestOf(tokens.map(({ lastWithoutHandle }) => lastWithoutHandle));
                if (!refusal && !nameless) return undefined;
                return (
                  <>
                    {refusal && <Refused {...refusal} />}
                    {nameless && <WithoutHandle {...nameless} />}
                  </>
                );
              }}
            />
          )
        }
      </Read>
      <Outlet />
    </>
  );
}

const columns: readonly Column<Integration>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'System', cell: ({ kind }) => kindWords[kind] },
  {
    head: 'Default handle',
    cell: ({ defaultHandle }) => (defaultHandle === null ? 'none' : <code>{handleOf(defaultHandle)}</code>),
  },
  { head: 'Last used', cell: ({ tokens }) => <LastUse at={lastUseOf(tokens)} /> },
  { head: 'Token expires', cell: ({ tokens }) => <End of={tokens} /> },
  { head: 'Action', cell: (its) => <Actions of={its} /> },
];

const LastUse = ({ at }: { readonly at: string | undefined }) => (at ? <Time at={at} as="ago" /> : 'never');

type Token = Integration['tokens'][number];

const Refused = ({ at, detail }: NonNullable<Token['lastRefusal']>) => (
  <div>
    <StateMark state="warning" word="Rejected" /> <Time at={at} as="ago" />, paged nobody: {detail}
  </div>
);

const WithoutHandle = ({ at, alerts }: NonNullable<Token['lastWithoutHandle']>) => (
  <div>
    <StateMark state="warning" word="Without handle" />{' '}
    {alerts === 1 ? '1 alert named no handle' : `${alerts} alerts named no handle`}, <Time at={at} as="ago" />. Add{' '}
    <code>{handleOf('<team>')}</code> to the alert or a default handle to the integration.
  </div>
);

function End({ of: tokens }: { readonly of: Integration['tokens'] }) {
  const { at, warning } = endOf(tokens, useNow());
  return (
    <span className="row">
      {warning && <StateMark state="warning" word={warning} />}
      {at && <Time at={at} />}
    </span>
  );
}

const Actions = ({ of: { sourceOrg: org, name } }: { readonly of: Integration }) => (
  <span className="row">
    <PermittedLink permission="tokens:write" to="/o/$org/integrations/$name/token" params={{ org, name }}>
      New token<span className="visually-hidden"> of {name}</span>
    </PermittedLink>
    <PermittedLink permission="tokens:write" to="/o/$org/integrations/$name/delete" params={{ org, name }} {...removes}>
      Delete<span className="visually-hidden"> {name}</span>
    </PermittedLink>
  </span>
);
