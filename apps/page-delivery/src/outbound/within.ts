import type { Clock } from '@pagebridge/vocabulary';

/** Resolves with the result of the work, or with undefined if the work takes longer; the work goes on. */
export function within<T>(clock: Pick<Clock, 'after'>, ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(ms, () => resolve(undefined));
  return Promise.race([work, late]).finally(cancel);
}
