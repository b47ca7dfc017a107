import { steadyClock } from '@pagebridge/service';
import type { Clock } from '../application/ports.ts';

export const systemClock: Clock = {
  now: steadyClock(),
  elapsedMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
