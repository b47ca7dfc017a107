import type { Unit } from './ports.ts';

/** Queues the current state of a connection again, or its tombstone if it is gone. */
export async function restateConnection(unit: Unit, id: string): Promise<void> {
  const connection = await unit.lockConnection(id);
  await unit.publish(connection ? { kind: 'connection', connection } : { kind: 'connection-deleted', id });
}

/** Queues the current state of an API token again, or its tombstone if it was deleted. */
export async function restateToken(unit: Unit, id: string): Promise<void> {
  const token = await unit.tokens.lock(id);
  await unit.publish(token ? { kind: 'token', token } : { kind: 'token-forgotten', id });
}

/** Queues the current state of the integration with this key again, or its tombstone if it was deleted. */
export async function restateIntegration(unit: Unit, key: string): Promise<void> {
  const [sourceOrg = '', name = ''] = key.split('/');
  const integration = await unit.integrations.lock(sourceOrg, name);
  await unit.publish(
    integration ? { kind: 'integration', integration } : { kind: 'integration-deleted', sourceOrg, name },
  );
}

/** Queues the current settings of a source org again; returns false if it has none. */
export async function restateSourceOrg(unit: Unit, sourceOrg: string): Promise<boolean> {
  const settings = await unit.lockSourceOrg(sourceOrg);
  if (!settings.updatedAt) return false;
  await unit.publish({ kind: 'source-org', settings, at: settings.updatedAt });
  return true;
}
