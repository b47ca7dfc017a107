import { asStoreError, isTooSlow, onConnection } from '@pagebridge/database';
import { Problem } from '@pagebridge/service';
import type { DataSource, EntityManager } from 'typeorm';
import { problems } from '../problems.ts';

/** Longer than any answer may take: what a caller does not wait for any more ends on the server too. */
export const readSeconds = 4;

/** Reads what is stored, on connections of its own: however many ask, what is written waits for none of them. */
export class Stored {
  constructor(readonly dataSource: DataSource) {}

  /** Rejects with StoreUnavailable if the database does not answer in time, and with Problem if what is asked for takes too long. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, ({ manager }) => work(manager));
    } catch (error) {
      if (!isTooSlow(error)) throw asStoreError(error);
      const detail = `The query was cancelled after ${readSeconds} s. Search a shorter period, or use a lower limit.`;
      throw new Problem({ ...problems['answer-takes-too-long'], detail });
    }
  }
}
