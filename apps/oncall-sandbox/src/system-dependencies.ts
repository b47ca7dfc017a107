import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from './domain/dependencies.ts';

/** The clock and the random generator of the machine. */
export const systemDependencies: Dependencies = {
  now: () => new Date(),
  pause: (ms) => sleep(ms),
  uuid: () => randomUUID(),
  secret: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
};
