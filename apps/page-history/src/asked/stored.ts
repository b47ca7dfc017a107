import { asStoreError, onConnection } from '@pagebridge/database';
import type { DataSource, EntityManager } from 'typeorm';

/** Longer than any answer may take: what a caller does not wait for any more ends on the server too. */
export const readSeconds = 4;

/** Reads what is stored, on connections of its own: however many ask, what is written waits for none of them. */
export class Stored {
  constructor(readonly dataSource: DataSource) {}

  /** Rejects with StoreUnavailable if the database does not answer in time. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, ({ manager }) => work(manager));
    } catch (error) {
      throw asStoreError(error);
    }
  }
}
