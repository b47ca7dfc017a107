import type { Socket } from 'node:net';
import type { DataSource, QueryRunner } from 'typeorm';

/** The time limit of one piece of work, including the wait for a connection: a request is answered within 5 s. */
const answerWithinMs = 4500;

/**
 * Does one piece of work on a connection of the pool. Rejects with ETIMEDOUT if the database does not answer in time.
 *
 * The connection is then destroyed, since its next user would wait behind the same statement. If no connection is available in
 * time, the work never starts.
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
      // The types of the driver omit the socket. We destroy it here: the driver's `destroy` first waits for a graceful close.
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
