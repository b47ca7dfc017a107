import { Problem } from '@pagebridge/service';
import { type AuditAction, auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Unit } from '../ports.ts';
import { problems } from '../problems.ts';

interface Change {
  readonly action: AuditAction;
  readonly before: Connection;
  readonly after: Connection;
  readonly at: Date;
  /** Returns the part of the connection that the audit shows. */
  readonly viewOf?: (connection: Connection) => object;
}

/**
 * Stores a change of a locked connection with its audit entry, and publishes the connection if its version grew. Throws if its name or
 * slug is taken.
 */
export async function storeChange(
  unit: Unit,
  { action, before, after, at, viewOf = auditViewOf }: Change,
  caller: Caller,
): Promise<void> {
  const saved = await unit.updateConnection(after);
  if (saved !== 'saved') throw taken(saved === 'name-taken' ? 'name' : 'slug');
  const { id: target, sourceOrg } = after;
  await unit.audit({ ...caller, sourceOrg, action, target, before: viewOf(before), after: viewOf(after), at });
  if (after.version !== before.version) await unit.publish({ kind: 'connection', connection: after });
}

const otherwise = {
  name: 'Use another name, or change the connection that has this name.',
  slug: 'Use another slug.',
} as const;

/** Returns the problem of a name or slug that another connection has. */
export function taken(field: keyof typeof otherwise): Problem {
  const its = `nother connection of this source org has this ${field}`;
  const errors = [{ field, message: `${field} is already used: a${its}`, cure: otherwise[field] }];
  return new Problem({ ...problems[`${field}-taken`], detail: `A${its}. Nothing was stored.`, errors });
}
