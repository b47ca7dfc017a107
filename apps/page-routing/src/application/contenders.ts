import type { Contender } from '@pagebridge/handle-registry';

/** One of several that claim a name, as it is shown. */
export interface ShownContender extends Omit<Contender, 'connection'> {
  readonly connectionId: string;
  readonly connectionName: string;
  readonly enabled: boolean;
  /** The name pages this team. */
  readonly paged: boolean;
}

/** In the order in which they claimed a name; the first has it, unless it is `local` to the org. */
export const shownContenders = (contenders: readonly Contender[], local = false): ShownContender[] =>
  contenders.map(({ connection, ...its }, i) => ({
    connectionId: connection.connectionId,
    connectionName: connection.name,
    enabled: connection.enabled,
    ...its,
    paged: i === 0 && connection.enabled && !local,
  }));
