import { randomBytes, randomUUID } from 'node:crypto';
import type { Surroundings } from './domain/surroundings.ts';

/** The machine's own clock and randomness. */
export const systemSurroundings: Surroundings = {
  now: () => new Date(),
  uuid: () => randomUUID(),
  secret: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
};
