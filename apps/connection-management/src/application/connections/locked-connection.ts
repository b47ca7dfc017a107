import type { Connection } from '../../domain/connection.ts';
import { entityTag } from '../../domain/entity-tag.ts';
import type { Unit } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { unmetPrecondition } from '../unmet-precondition.ts';

/** Which connection is meant, and which version of it the caller has seen. */
export interface Target {
  readonly sourceOrg: string;
  readonly id: string;
  readonly ifMatch: string | undefined;
}

/** The connection, locked and at the version the caller has seen; otherwise the refusal that says why not. */
export async function lockedConnection(unit: Unit, { sourceOrg, id, ifMatch }: Target): Promise<Outcome<Connection>> {
  const connection = await unit.lockConnection(id, sourceOrg);
  return seenVersion(connection, id, ifMatch);
}

/** The same, for who wants to change it or have it used: one that is being deleted is not for that any more. */
export function whereStaying(outcome: Outcome<Connection>): Outcome<Connection> {
  if (!outcome.ok || !outcome.value.deletion) return outcome;
  return refused({ reason: 'connection-deleting', name: outcome.value.name });
}

export function seenVersion(
  connection: Connection | undefined,
  id: string,
  ifMatch: string | undefined,
): Outcome<Connection> {
  if (!connection) return refused({ reason: 'not-found', what: `connection ${id}` });
  const tag = entityTag(connection.version, connection.stateRevision);
  const unmet = unmetPrecondition(ifMatch, connection.version, tag);
  return unmet ? refused(unmet) : carriedOut(connection);
}
