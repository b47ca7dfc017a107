import type { EntityManager } from 'typeorm';

/**
 * Locks a name until the end of the transaction, by a row of `limits` that exists only for that: locking the gaps between the rows of
 * an org would cause deadlocks.
 */
export async function lockName(manager: EntityManager, name: string): Promise<void> {
  await manager.query('INSERT INTO limits VALUES (?, 0, NULL) ON DUPLICATE KEY UPDATE points = 0', [name]);
}
