import type { Connection } from '@pagebridge/contracts';
import type { SyncCause } from './agenda.ts';

/** Why a change of a connection asks for a sync; undefined when it does not, as a new name. */
export function causeOf(before: Connection | undefined, after: Connection | undefined): SyncCause | undefined {
  if (!after) return 'deleted';
  if (!after.enabled) return undefined;
  if (!before) return 'new';
  const same =
    before.enabled &&
    before.credential.revision === after.credential.revision &&
    before.dataCenter === after.dataCenter;
  return same ? undefined : 'changed';
}
