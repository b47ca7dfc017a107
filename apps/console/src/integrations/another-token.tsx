import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Drawer } from '../look/form/drawer.tsx';
import { Read } from '../look/notice/read.tsx';
import { askIfStored } from '../tokens/token-once.tsx';
import { useNewToken } from '../tokens/use-new-token.ts';
import { integrationsQuery } from './queries.ts';
import { TokenStep } from './token-step.tsx';

const route = getRouteApi('/o/$org/integrations/$name/token');

/** Makes another token of an integration, in place of one that ends. */
export function AnotherToken() {
  const { org, name } = route.useParams();
  const navigate = route.useNavigate();
  const query = useQuery(integrationsQuery(org));
  const token = useNewToken(org);
  return (
    <Drawer
      title={`New token of ${name}`}
      onClose={() => void navigate({ to: '/o/$org/integrations', params: { org } })}
      question={askIfStored}
      isUnsaved={token.text !== undefined}
    >
      <Read query={query} what="Integrations" from="connection-management">
        {(integrations) => {
          const integration = integrations.find((its) => its.name === name);
          if (!integration) return <p>Integration {name} not found.</p>;
          return (
            <div className="stack">
              <p>
                Previous tokens stay valid. When the new token is in use, revoke them under{' '}
                <Link to="/o/$org/tokens" params={{ org }}>
                  API tokens
                </Link>
                .
              </p>
              <TokenStep {...integration} token={token} />
            </div>
          );
        }}
      </Read>
    </Drawer>
  );
}
