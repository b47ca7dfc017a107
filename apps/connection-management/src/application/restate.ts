import type { Unit } from './ports.ts';

/** Queues a connection once more as it stands, or its tombstone where it is gone. */
export async function restateConnection(unit: Unit, id: string): Promise<void> {
  const connection = await unit.lockConnection(id);
  await unit.publish(connection ? { kind: 'connection', connection } : { kind: 'connection-deleted', id });
}

/** Queues an API token once more as it stands, or its tombstone where it is forgotten. */
export async function restateToken(unit: Unit, id: string): Promise<void> {
  const token = await unit.tokens.lock(id);
  await unit.publish(token ? { kind: 'token', token } : { kind: 'token-forgotten', id });
}

/** Queues the settings of a source org once more as they stand; false where it has settled nothing. */
export async function restateSourceOrg(unit: Unit, sourceOrg: string): Promise<boolean> {
  const settings = await unit.lockSourceOrg(sourceOrg);
  if (!settings.updatedAt) return false;
  await unit.publish({ kind: 'source-org', settings, at: settings.updatedAt });
  return true;
}
