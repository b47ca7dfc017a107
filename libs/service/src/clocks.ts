import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@pagebridge/vocabulary';

/** The wall clock of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

// With a wall clock that was set an hour ahead, a wait of four hours seems 2.4 minutes longer.
const slewing = 1 / 100;

/**
 * A clock for ages: setting the wall clock forward makes nothing older.
 *
 * It starts at the wall clock and counts by the monotonic time of the process. It approaches a wall clock that was set
 * forward by one part in a hundred, and follows one that is set back at once, so that it is never ahead. A machine that was
 * suspended counts as one whose wall clock was set forward.
 */
export function steadyTime(wall = () => Date.now(), elapsedMs = () => performance.now()): () => Date {
  let steady = wall();
  let lookedAt = elapsedMs();
  return () => {
    const elapsed = elapsedMs();
    const told = wall();
    const passed = elapsed - lookedAt;
    const off = told - (steady + passed);
    const most = passed * slewing;
    steady += passed + Math.min(Math.max(off, -most), most);
    lookedAt = elapsed;
    return new Date(Math.min(told, steady));
  };
}

/** The clock for ages of this process. */
export const steadyClock: Clock = { ...systemClock, now: steadyTime() };
