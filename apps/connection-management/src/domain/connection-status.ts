import type { Connection } from './connection.ts';
import type { Fault } from './health.ts';

export type ConnectionStatus =
  | { readonly state: 'active' }
  | { readonly state: 'disabled' }
  | { readonly state: 'failing'; readonly fault: Fault };

/** A person's switch goes before what was reported; of several faults the one that names a permission says most. */
export function statusOf({ enabled, health }: Pick<Connection, 'enabled' | 'health'>): ConnectionStatus {
  if (!enabled) return { state: 'disabled' };
  const fault = health.faults.find((candidate) => candidate.missingPermission) ?? health.faults[0];
  return fault ? { state: 'failing', fault } : { state: 'active' };
}
