import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Crash } from './frame/crash.tsx';
import { onlyFilters, parseFilters, writeFilters } from './frame/filters.ts';
import { Frame } from './frame/frame.tsx';
import { Home } from './frame/home.tsx';
import { NoSuchPage } from './frame/no-such-page.tsx';
import { SignedIn } from './session/signed-in.tsx';

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage, errorComponent: Crash });
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const signedIn = createRoute({ getParentRoute: () => root, path: '/signed-in', component: SignedIn });
const orgs = createRoute({
  getParentRoute: () => root,
  path: '/orgs',
  validateSearch: onlyFilters('q', 'after'),
  component: lazyRouteComponent(() => import('./orgs/orgs-screen.tsx'), 'OrgsScreen'),
});
const mapOfOrgs = createRoute({
  getParentRoute: () => root,
  path: '/map',
  validateSearch: onlyFilters('after'),
  component: lazyRouteComponent(() => import('./map/orgs-map.tsx'), 'OrgsMap'),
});
const org = createRoute({ getParentRoute: () => root, path: '/o/$org', component: Outlet });

const alerts = createRoute({
  getParentRoute: () => org,
  path: '/alerts',
  validateSearch: onlyFilters('view', 'state', 'handle', 'connection', 'q', 'from', 'to', 'after'),
  component: lazyRouteComponent(() => import('./alerts/alerts-screen.tsx'), 'AlertsScreen'),
});
const trace = createRoute({
  getParentRoute: () => org,
  path: '/trace',
  validateSearch: onlyFilters('alert', 'page', 'find', 'event', 'firing', 'details'),
  component: lazyRouteComponent(() => import('./trace/trace-screen.tsx'), 'TraceScreen'),
});
const connections = createRoute({
  getParentRoute: () => org,
  path: '/connections',
  validateSearch: onlyFilters('status', 'q'),
  component: lazyRouteComponent(() => import('./connections/connections-screen.tsx'), 'ConnectionsScreen'),
});
const addConnection = createRoute({
  getParentRoute: () => connections,
  path: '/new',
  component: lazyRouteComponent(() => import('./connections/add/add-connection.tsx'), 'AddConnection'),
});
const connection = createRoute({
  getParentRoute: () => org,
  path: '/connections/$id',
  component: lazyRouteComponent(() => import('./connections/one/connection-screen.tsx'), 'ConnectionScreen'),
});
const replaceKeys = createRoute({
  getParentRoute: () => connection,
  path: '/keys',
  component: lazyRouteComponent(() => import('./connections/one/replace-keys.tsx'), 'ReplaceKeys'),
});
const nameBackup = createRoute({
  getParentRoute: () => connection,
  path: '/backup',
  component: lazyRouteComponent(() => import('./connections/one/name-backup.tsx'), 'NameBackup'),
});
const removeConnection = createRoute({
  getParentRoute: () => connection,
  path: '/remove',
  component: lazyRouteComponent(() => import('./connections/one/remove-connection.tsx'), 'RemoveConnection'),
});
const handles = createRoute({
  getParentRoute: () => org,
  path: '/handles',
  validateSearch: onlyFilters('q', 'connection', 'view', 'since', 'after'),
  component: lazyRouteComponent(() => import('./handles/handles-screen.tsx'), 'HandlesScreen'),
});
const explain = createRoute({
  getParentRoute: () => org,
  path: '/explain',
  component: lazyRouteComponent(() => import('./explain/explain-screen.tsx'), 'ExplainScreen'),
});
const deadLetters = createRoute({
  getParentRoute: () => org,
  path: '/dead-letters',
  validateSearch: onlyFilters('topic', 'reason', 'after'),
  component: lazyRouteComponent(() => import('./dead-letters/dead-letters-screen.tsx'), 'DeadLettersScreen'),
});
const map = createRoute({
  getParentRoute: () => org,
  path: '/map',
  component: lazyRouteComponent(() => import('./map/org-map.tsx'), 'OrgMap'),
});
const testPage = createRoute({
  getParentRoute: () => org,
  path: '/test',
  validateSearch: onlyFilters('connection'),
  component: lazyRouteComponent(() => import('./test-page/test-page-screen.tsx'), 'TestPageScreen'),
});
const integrations = createRoute({
  getParentRoute: () => org,
  path: '/integrations',
  component: lazyRouteComponent(() => import('./integrations/integrations-screen.tsx'), 'IntegrationsScreen'),
});
const addIntegration = createRoute({
  getParentRoute: () => integrations,
  path: '/new',
  component: lazyRouteComponent(() => import('./integrations/add-integration.tsx'), 'AddIntegration'),
});
const anotherToken = createRoute({
  getParentRoute: () => integrations,
  path: '/$name/token',
  component: lazyRouteComponent(() => import('./integrations/another-token.tsx'), 'AnotherToken'),
});
const deleteIntegration = createRoute({
  getParentRoute: () => integrations,
  path: '/$name/delete',
  component: lazyRouteComponent(() => import('./integrations/delete-integration.tsx'), 'DeleteIntegration'),
});
const settings = createRoute({
  getParentRoute: () => org,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-screen.tsx'), 'SettingsScreen'),
});
const audit = createRoute({
  getParentRoute: () => org,
  path: '/audit',
  validateSearch: onlyFilters('action', 'actor', 'target', 'from', 'to', 'after'),
  component: lazyRouteComponent(() => import('./audit/audit-screen.tsx'), 'AuditScreen'),
});
const tokens = createRoute({
  getParentRoute: () => org,
  path: '/tokens',
  validateSearch: onlyFilters('after'),
  component: lazyRouteComponent(() => import('./tokens/tokens-screen.tsx'), 'TokensScreen'),
});
const newToken = createRoute({
  getParentRoute: () => tokens,
  path: '/new',
  component: lazyRouteComponent(() => import('./tokens/new-token.tsx'), 'NewToken'),
});

const routeTree = root.addChildren([
  home,
  signedIn,
  orgs,
  mapOfOrgs,
  org.addChildren([
    alerts,
    trace,
    connections.addChildren([addConnection]),
    connection.addChildren([replaceKeys, nameBackup, removeConnection]),
    handles,
    explain,
    deadLetters,
    map,
    testPage,
    integrations.addChildren([addIntegration, anotherToken, deleteIntegration]),
    settings,
    audit,
    tokens.addChildren([newToken]),
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch: parseFilters,
  stringifySearch: writeFilters,
  defaultPreload: 'intent',
  defaultErrorComponent: Crash,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
