import { auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Unit } from '../ports.ts';

/** Removes a locked connection with its sealed keys. Records the removal in the audit, and publishes a tombstone. */
export async function removeConnection(unit: Unit, connection: Connection, caller: Caller, at: Date): Promise<void> {
  const { id, sourceOrg } = connection;
  await unit.deleteConnection(id);
  const before = auditViewOf(connection);
  await unit.audit({ ...caller, sourceOrg, action: 'connection.deleted', target: id, before, after: null, at });
  await unit.publish({ kind: 'connection-deleted', id });
}
