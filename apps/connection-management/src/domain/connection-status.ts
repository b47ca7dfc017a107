import type { Fault } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';

export type ConnectionStatus =
  | { readonly state: 'active' }
  | { readonly state: 'disabled' }
  | { readonly state: 'deleting'; readonly fault?: Fault }
  | { readonly state: 'failing'; readonly fault: Fault };

/**
 * Returns the status of a connection. `enabled` takes precedence over reports. Of several faults, one that names a permission
 * is shown. A connection that is being deleted shows its fault too, which may be why its pages cannot be resolved.
 */
export function statusOf({
  enabled,
  deletion,
  health,
}: Pick<Connection, 'enabled' | 'deletion' | 'health'>): ConnectionStatus {
  const fault = health.faults.find((candidate) => candidate.missingPermission) ?? health.faults[0];
  if (deletion) return { state: 'deleting', ...(fault ? { fault } : {}) };
  if (!enabled) return { state: 'disabled' };
  return fault ? { state: 'failing', fault } : { state: 'active' };
}
