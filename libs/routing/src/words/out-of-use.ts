import type { ConnectionSummary } from '@pagebridge/handle-registry';

type OutOfUse = Pick<ConnectionSummary, 'deleting'>;

/** Returns why a connection that is not enabled pages nobody. */
export const stateOf = ({ deleting }: OutOfUse): string => (deleting ? 'is being deleted' : 'is disabled');

/** Returns the cure with an alternative, such as `use another backup`. A connection that is being deleted cannot be enabled. */
export const cureOf = ({ deleting }: OutOfUse, otherwise: string): string =>
  deleting ? `${otherwise.charAt(0).toUpperCase()}${otherwise.slice(1)}.` : `Enable it, or ${otherwise}.`;
