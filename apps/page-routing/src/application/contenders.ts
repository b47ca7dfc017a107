import type { Contender } from '@pagebridge/handle-registry';

/** Several that claim a name as they are shown, in the order in which they did; the first has it, unless it is `local` to the org. */
export const shownContenders = (contenders: readonly Contender[], local = false) =>
  contenders.map(({ connection, ...its }, i) => ({
    connectionId: connection.connectionId,
    connectionName: connection.name,
    enabled: connection.enabled,
    ...its,
    paged: i === 0 && connection.enabled && !local,
  }));
