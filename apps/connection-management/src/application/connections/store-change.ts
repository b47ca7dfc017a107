import { type AuditAction, auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Saved, Unit } from '../ports.ts';

interface Change {
  readonly action: AuditAction;
  readonly before: Connection;
  readonly after: Connection;
  readonly at: Date;
  /** Returns the part of the connection that the audit shows. */
  readonly viewOf?: (connection: Connection) => object;
}

/** Stores a change of a locked connection with its audit entry, and publishes the connection if its version grew. */
export async function storeChange(
  unit: Unit,
  { action, before, after, at, viewOf = auditViewOf }: Change,
  caller: Caller,
): Promise<Saved> {
  const saved = await unit.updateConnection(after);
  if (saved !== 'saved') return saved;
  const { id: target, sourceOrg } = after;
  await unit.audit({ ...caller, sourceOrg, action, target, before: viewOf(before), after: viewOf(after), at });
  if (after.version !== before.version) await unit.publish({ kind: 'connection', connection: after });
  return saved;
}
