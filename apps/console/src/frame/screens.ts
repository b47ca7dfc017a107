/** The screens of an org in the order of the navigation, each with the key that leads to it after `g`. */
export const screens = [
  { name: 'Connections', to: '/o/$org/connections', key: 'c' },
  { name: 'Handles', to: '/o/$org/handles', key: 'h' },
  { name: 'Explain', to: '/o/$org/explain', key: 'e' },
  { name: 'Settings', to: '/o/$org/settings', key: 's' },
  { name: 'Audit', to: '/o/$org/audit', key: 'a' },
  { name: 'Tokens', to: '/o/$org/tokens', key: 't' },
] as const;
