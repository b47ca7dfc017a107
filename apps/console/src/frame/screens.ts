/** The screens of an org in the order of the navigation, each with the key that leads to it after `g`, and what seeing it needs. `isMore`: under *More*. */
export const screens = [
  { name: 'Alerts', to: '/o/$org/alerts', key: 'a', needs: 'history:read', isMore: false },
  { name: 'Connections', to: '/o/$org/connections', key: 'c', needs: 'connections:read', isMore: false },
  { name: 'Handles', to: '/o/$org/handles', key: 'h', needs: 'handles:read', isMore: false },
  { name: 'Explain', to: '/o/$org/explain', key: 'e', needs: 'alerts:explain', isMore: false },
  { name: 'Dead letters', to: '/o/$org/dead-letters', key: 'd', needs: 'history:read', isMore: true },
  { name: 'Map', to: '/o/$org/map', key: 'm', needs: 'connections:read', isMore: true },
  { name: 'Test page', to: '/o/$org/test', key: 'p', needs: 'handles:read', isMore: true },
  { name: 'Integrations', to: '/o/$org/integrations', key: 'i', needs: 'tokens:read', isMore: true },
  { name: 'Settings', to: '/o/$org/settings', key: 's', needs: 'source-orgs:read', isMore: true },
  { name: 'Audit', to: '/o/$org/audit', key: 'u', needs: 'audit:read', isMore: true },
  { name: 'Tokens', to: '/o/$org/tokens', key: 't', needs: 'tokens:read', isMore: true },
] as const;
