import { expect, it, jest } from '@jest/globals';
import { Periodic } from './periodic.ts';

it('periodic work starts no run while one is under way', async () => {
  jest.useFakeTimers();
  const runs: PromiseWithResolvers<void>[] = [];
  const work = () => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  };
  const ignore = () => undefined;
  const periodic = new Periodic(1000, 'failed', work, { debug: ignore, info: ignore, warn: ignore, error: ignore });
  periodic.start();
  await jest.advanceTimersByTimeAsync(3000);
  expect(runs).toHaveLength(1);
  runs[0]?.reject(new Error('away'));
  await jest.advanceTimersByTimeAsync(1000);
  expect(runs).toHaveLength(2);
  periodic.stop();
  jest.useRealTimers();
});
