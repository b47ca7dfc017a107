import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { PageHistoryConfig } from '../config.ts';
import { Days } from './days.ts';
import { HistoryWriter } from './history-writer.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A database that takes connections and then says nothing any more, as one whose machine is gone. */
function silent(): { readonly dataSource: DataSource; readonly destroyed: () => boolean } {
  let isDestroyed = false;
  const never = () => new Promise<never>(() => undefined);
  const runner = {
    manager: { query: never, find: never, findOneByOrFail: never, update: never, transaction: never },
    ...{ query: never, startTransaction: never, rollbackTransaction: never, release: async () => undefined },
    connect: async () => ({
      stream: {
        destroy: () => {
          isDestroyed = true;
        },
      },
    }),
  };
  const dataSource = { createQueryRunner: () => runner, ...runner } as unknown as DataSource;
  return { dataSource, destroyed: () => isDestroyed };
}

describe('a database that vanished without a word', () => {
  it.each<[string, (dataSource: DataSource) => Promise<unknown>]>([
    ['taking the place of the reader', (dataSource) => new HistoryWriter(dataSource).acquire()],
    ['keeping it', (dataSource) => new HistoryWriter(dataSource).note(null, [])],
    ['storing', (dataSource) => new HistoryWriter(dataSource).write([], [], 0)],
    ['adding days', (dataSource) => new Days(dataSource, { HISTORY_DAYS: 7 } as PageHistoryConfig).keep()],
  ])('holds up %s for half a minute', async (_what, work) => {
    const { dataSource, destroyed } = silent();
    const outcome = work(dataSource).then(
      () => 'done',
      () => 'failed',
    );
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await Promise.race([outcome, 'stuck'])).toBe('failed');
    expect(destroyed()).toBe(true);
  });
});
