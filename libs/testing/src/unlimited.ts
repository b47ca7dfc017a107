const limits = [
  'REFUSED_KEYS_PER_HOUR',
  'ADDED_CONNECTIONS_PER_HOUR',
  'CHANGES_PER_HOUR',
  'CHECKS_PER_HOUR',
  'SYNCS_PER_MINUTE',
  'CONNECTIONS_PER_ORG',
  'MADE_TOKENS_PER_HOUR',
];

/** Variables that disable the limits of connection-management: a suite sends more requests in a minute than an org in a day. */
export const unlimited: Readonly<Record<string, string>> = Object.fromEntries(limits.map((name) => [name, '1000000']));
