import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { onConnection } from './on-connection.ts';
import { asStoreError, isDeadlock, pastDeadlocks } from './store-errors.ts';

/** Runs one transaction, again after a deadlock. Rejects with StoreUnavailable, which says whether it may have been stored. */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  withinMs?: number,
): Promise<T> {
  const phase = { committing: false };
  const run = () => {
    phase.committing = false;
    return onConnection(dataSource, (runner) => once(runner, work, phase), withinMs);
  };
  try {
    return await pastDeadlocks(run);
  } catch (error) {
    throw asStoreError(error, { mayBeStored: phase.committing && !isDeadlock(error) });
  }
}

async function once<T>(
  runner: QueryRunner,
  work: (manager: EntityManager) => Promise<T>,
  phase: { committing: boolean },
): Promise<T> {
  await runner.startTransaction();
  try {
    const value = await work(runner.manager);
    phase.committing = true;
    await runner.commitTransaction();
    return value;
  } catch (error) {
    // If the connection is gone, the database rolls back by itself. The first error is the one to report.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}
