/** What is read, by who answers it. */
interface Read {
  readonly session: never;
  readonly me: never;
  readonly 'connection-management':
    | 'audit'
    | 'connection'
    | 'connections'
    | 'data-centers'
    | 'integrations'
    | 'settings'
    | 'source-orgs'
    | 'tokens';
  readonly 'handle-sync': 'changes' | 'handles' | 'handles-over' | 'offered';
  readonly 'page-history': 'alerts' | 'counts' | 'dead-letters' | 'pages' | 'trace';
  readonly 'page-routing': 'conflicts' | 'explanation';
}

type KeyFrom<From extends keyof Read> = readonly [
  from: From,
  what?: Read[From],
  org?: string | undefined,
  ...filters: unknown[],
];

/** The key of a query, or the beginning of the keys of many: all of a service, all of an org. */
export type Key = { [From in keyof Read]: KeyFrom<From> }[keyof Read];

/** Returns a key. */
export const queryKeyOf = <From extends keyof Read>(...key: KeyFrom<From>): KeyFrom<From> => key;
