import type { DataSource, QueryRunner } from 'typeorm';
import { onConnection } from './on-connection.ts';
import { asStoreError, isDeadlock } from './store-errors.ts';
import { TypeormUnit } from './typeorm-unit.ts';

const attempts = 3;

/** Runs one transaction, again after a deadlock. Rejects with StoreUnavailable, which says whether it may have been stored. */
export async function inTransaction<T>(dataSource: DataSource, work: (unit: TypeormUnit) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const phase = { committing: false };
    try {
      return await onConnection(dataSource, (runner) => once(runner, work, phase));
    } catch (error) {
      // A deadlock rolled everything back, so the transaction runs again. Other errors go to the caller.
      if (!isDeadlock(error)) throw asStoreError(error, { mayBeStored: phase.committing });
      if (attempt === attempts) throw asStoreError(error);
    }
  }
}

async function once<T>(
  runner: QueryRunner,
  work: (unit: TypeormUnit) => Promise<T>,
  phase: { committing: boolean },
): Promise<T> {
  await runner.startTransaction();
  try {
    const value = await work(new TypeormUnit(runner.manager));
    phase.committing = true;
    await runner.commitTransaction();
    return value;
  } catch (error) {
    // If the connection is gone, the database rolls back by itself. The first error is the one to report.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}
