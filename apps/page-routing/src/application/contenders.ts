import type { Contender } from '@pagebridge/handle-registry';

/** Returns contenders in their order, as `ContenderDto` has them; the first is paged, if it is enabled and the name is not local. */
export const describeContenders = (contenders: readonly Contender[], local = false) =>
  contenders.map(({ connection, ...contender }, i) => ({
    connectionId: connection.connectionId,
    connectionName: connection.name,
    enabled: connection.enabled,
    ...contender,
    paged: i === 0 && connection.enabled && !local,
  }));
