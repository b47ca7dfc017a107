import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../application/ports.ts';

export const systemClock: Clock = { now: () => new Date(), sleep: (ms) => delay(ms) };
