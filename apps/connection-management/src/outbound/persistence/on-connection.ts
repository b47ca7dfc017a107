import type { Socket } from 'node:net';
import type { DataSource, QueryRunner } from 'typeorm';

/** How long the database may take for one piece of work, the wait for a connection included: a request is answered within 5 s. */
export const answerWithinMs = 4500;

/**
 * Does one piece of work on a connection of the pool; rejects with ETIMEDOUT once the database has not answered in time.
 *
 * The connection is then destroyed, since whoever got it next would wait behind the same statement. Without a connection
 * in time the work is never begun.
 */
export async function onConnection<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
  withinMs = answerWithinMs,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const late = Promise.withResolvers<never>();
  const expired = new AbortController();
  const timer = setTimeout(() => {
    const error = Object.assign(new Error(`no answer within ${withinMs} ms`), { code: 'ETIMEDOUT' });
    expired.abort(error);
    late.reject(error);
  }, withinMs);
  const done = async (): Promise<T> => {
    try {
      // Of the driver's connection its types leave the socket out; its own `destroy` says goodbye first, and waits.
      const { stream }: { readonly stream: Socket } = await runner.connect();
      expired.signal.throwIfAborted();
      expired.signal.addEventListener('abort', () => stream.destroy(expired.signal.reason));
      return await work(runner);
    } finally {
      await runner.release();
    }
  };
  try {
    return await Promise.race([done(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
