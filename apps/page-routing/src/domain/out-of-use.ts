import type { ConnectionSummary } from '@pagebridge/handle-registry';

type OutOfUse = Pick<ConnectionSummary, 'deleting'>;

/** Why a connection that is not enabled pages nobody. */
export const stateOf = ({ deleting }: OutOfUse): string => (deleting ? 'is being deleted' : 'is disabled');

/** What helps, with what else does, as `settle another`. A connection that is being deleted cannot be enabled any more. */
export const cureOf = ({ deleting }: OutOfUse, otherwise: string): string =>
  deleting ? `${otherwise.charAt(0).toUpperCase()}${otherwise.slice(1)}.` : `Enable it, or ${otherwise}.`;
