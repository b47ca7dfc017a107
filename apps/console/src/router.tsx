import type { QueryClient } from '@tanstack/react-query';
import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { alertsQuery, pagesQuery } from './alerts/queries.ts';
import { queryClient } from './api/query-client.ts';
import { auditQuery } from './audit/queries.ts';
import { connectionQuery, connectionsQuery } from './connections/queries.ts';
import { deadLettersQuery } from './dead-letters/queries.ts';
import { Crash, FrameCrash } from './frame/crash.tsx';
import { onlyFilters, parseFilters, writeFilters } from './frame/filters.ts';
import { Frame } from './frame/frame.tsx';
import { Home } from './frame/home.tsx';
import { NoSuchPage } from './frame/no-such-page.tsx';
import { lazy } from './frame/screen-code.ts';
import { handlesQuery } from './handles/queries.ts';
import { integrationsQuery } from './integrations/queries.ts';
import { SignedIn } from './session/signed-in.tsx';
import { settingsQuery } from './settings/queries.ts';
import { tokensQuery } from './tokens/queries.ts';
import { traceQuery } from './trace/queries.ts';

const OrgsScreen = lazy(() => import('./orgs/orgs-screen.tsx'), 'OrgsScreen');
const OrgsMap = lazy(() => import('./map/orgs-map.tsx'), 'OrgsMap');
const AlertsScreen = lazy(() => import('./alerts/alerts-screen.tsx'), 'AlertsScreen');
const TraceScreen = lazy(() => import('./trace/trace-screen.tsx'), 'TraceScreen');
const ConnectionsScreen = lazy(() => import('./connections/connections-screen.tsx'), 'ConnectionsScreen');
const AddConnection = lazy(() => import('./connections/add/add-connection.tsx'), 'AddConnection');
const ConnectionScreen = lazy(() => import('./connections/one/connection-screen.tsx'), 'ConnectionScreen');
const ReplaceKeys = lazy(() => import('./connections/one/replace-keys.tsx'), 'ReplaceKeys');
const NameBackup = lazy(() => import('./connections/one/name-backup.tsx'), 'NameBackup');
const RemoveConnection = lazy(() => import('./connections/one/remove-connection.tsx'), 'RemoveConnection');
const HandlesScreen = lazy(() => import('./handles/handles-screen.tsx'), 'HandlesScreen');
const ExplainScreen = lazy(() => import('./explain/explain-screen.tsx'), 'ExplainScreen');
const DeadLettersScreen = lazy(() => import('./dead-letters/dead-letters-screen.tsx'), 'DeadLettersScreen');
const OrgMap = lazy(() => import('./map/org-map.tsx'), 'OrgMap');
const TestPageScreen = lazy(() => import('./test-page/test-page-screen.tsx'), 'TestPageScreen');
const IntegrationsScreen = lazy(() => import('./integrations/integrations-screen.tsx'), 'IntegrationsScreen');
const AddIntegration = lazy(() => import('./integrations/add-integration.tsx'), 'AddIntegration');
const AnotherToken = lazy(() => import('./integrations/another-token.tsx'), 'AnotherToken');
const DeleteIntegration = lazy(() => import('./integrations/delete-integration.tsx'), 'DeleteIntegration');
const SettingsScreen = lazy(() => import('./settings/settings-screen.tsx'), 'SettingsScreen');
const AuditScreen = lazy(() => import('./audit/audit-screen.tsx'), 'AuditScreen');
const TokensScreen = lazy(() => import('./tokens/tokens-screen.tsx'), 'TokensScreen');
const NewToken = lazy(() => import('./tokens/new-token.tsx'), 'NewToken');

/** Asks for what a screen shows first. */
type Loads<Name extends string> = (
  params: { readonly org: string; readonly id: string },
  filters: { readonly [name in Name]?: string | undefined },
) => Promise<void>;

/**
 * The route of a screen: its filters are those of the query string. Its code and its data are asked for at once, also while the session
 * is, and when somebody points at a link to it.
 */
const screen = <Parent extends AnyRoute, const Path extends string, Name extends string = never>(
  parent: Parent,
  path: Path,
  component: RouteComponent,
  filters: readonly Name[] = [],
  loads?: Loads<NoInfer<Name>>,
) => {
  const validateSearch = onlyFilters(...filters);
  return createRoute({
    getParentRoute: () => parent,
    path,
    validateSearch,
    loaderDeps: ({ search }) => ({ filters: search as ReturnType<typeof validateSearch> }),
    // The screen does not wait: it says itself that it loads, and why it cannot.
    loader: ({ params, deps }) => void loads?.(params as { org: string; id: string }, deps.filters),
    component,
  });
};
const load: QueryClient['prefetchQuery'] = (query) => queryClient.prefetchQuery(query);

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage, errorComponent: FrameCrash });
const org = createRoute({ getParentRoute: () => root, path: '/o/$org', component: Outlet });
const connections = screen(org, '/connections', ConnectionsScreen, ['status', 'q'], ({ org }) =>
  load(connectionsQuery(org)),
);
const connection = screen(org, '/connections/$id', ConnectionScreen, [], ({ org, id }) =>
  load(connectionQuery(org, id)),
);
const integrations = screen(org, '/integrations', IntegrationsScreen, [], ({ org }) => load(integrationsQuery(org)));
const tokens = screen(org, '/tokens', TokensScreen, ['after'], ({ org }, { after }) => load(tokensQuery(org, after)));

const ofConnection = [
  screen(connection, '/keys', ReplaceKeys),
  screen(connection, '/backup', NameBackup),
  screen(connection, '/remove', RemoveConnection),
] as const;
const ofIntegrations = [
  screen(integrations, '/new', AddIntegration),
  screen(integrations, '/$name/token', AnotherToken),
  screen(integrations, '/$name/delete', DeleteIntegration),
] as const;
const ofConnections = [screen(connections, '/new', AddConnection)] as const;
const ofTokens = [screen(tokens, '/new', NewToken)] as const;
const ofOrg = [
  screen(
    org,
    '/alerts',
    AlertsScreen,
    ['view', 'state', 'handle', 'connection', 'q', 'from', 'to', 'after'],
    ({ org }, { view, ...filters }) =>
      view === 'pages' ? load(pagesQuery(org, filters)) : load(alertsQuery(org, filters)),
  ),
  screen(
    org,
    '/trace',
    TraceScreen,
    ['alert', 'page', 'find', 'event', 'firing', 'details'],
    ({ org }, { alert, page, find }) => load(traceQuery(org, { alert, page, find })),
  ),
  connections.addChildren(ofConnections),
  connection.addChildren(ofConnection),
  screen(
    org,
    '/handles',
    HandlesScreen,
    ['q', 'connection', 'view', 'since', 'after'],
    async ({ org }, { view, q, connection, after }) =>
      view ? undefined : load(handlesQuery(org, { query: q, connection, cursor: after })),
  ),
  screen(org, '/explain', ExplainScreen),
  screen(org, '/dead-letters', DeadLettersScreen, ['topic', 'reason', 'after'], ({ org }, filters) =>
    load(deadLettersQuery(org, filters)),
  ),
  screen(org, '/map', OrgMap, [], ({ org }) => load(connectionsQuery(org))),
  screen(org, '/test', TestPageScreen, ['connection']),
  integrations.addChildren(ofIntegrations),
  screen(org, '/settings', SettingsScreen, [], ({ org }) => load(settingsQuery(org))),
  screen(org, '/audit', AuditScreen, ['action', 'actor', 'target', 'from', 'to', 'after'], ({ org }, filters) =>
    load(auditQuery(org, filters)),
  ),
  tokens.addChildren(ofTokens),
] as const;
const ofRoot = [
  createRoute({ getParentRoute: () => root, path: '/', component: Home }),
  createRoute({ getParentRoute: () => root, path: '/signed-in', component: SignedIn }),
  screen(root, '/orgs', OrgsScreen, ['q', 'after']),
  screen(root, '/map', OrgsMap, ['after']),
  org.addChildren(ofOrg),
] as const;
const routeTree = root.addChildren(ofRoot);

/** Creates the router of a page, which follows the address of its window. */
export const consoleRouter = () =>
  createRouter({
    routeTree,
    parseSearch: parseFilters,
    stringifySearch: writeFilters,
    defaultPreload: 'intent',
    defaultErrorComponent: Crash,
    // Whether what was read is still fresh is for the cache of queries to say.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  });

export type ConsoleRouter = ReturnType<typeof consoleRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ConsoleRouter;
  }
}
