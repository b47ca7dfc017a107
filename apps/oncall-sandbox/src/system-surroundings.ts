import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from './domain/surroundings.ts';

/** The clock and the random generator of the machine. */
export const systemSurroundings: Surroundings = {
  now: () => new Date(),
  pause: (ms) => sleep(ms),
  uuid: () => randomUUID(),
  secret: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
};
