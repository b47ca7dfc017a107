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

// If the wall clock was set an hour ahead, a wait of four hours appears 2.4 minutes longer.
const slewing = 1 / 100;

/**
 * Returns a clock for measuring ages: when the wall clock is set forward, nothing becomes older at once.
 *
 * The clock starts at the wall clock and advances by the monotonic time of the process. It approaches a wall clock that was
 * set forward by one part in a hundred, and follows one that was set back at once, so that it is never ahead. The resume of
 * a suspended machine has the effect of setting the wall clock forward.
 */
export function steadyTime(wall = () => Date.now(), elapsedMs = () => performance.now()): () => Date {
  let steady = wall();
  let readAt = elapsedMs();
  return () => {
    const elapsed = elapsedMs();
    const wallTime = wall();
    const passed = elapsed - readAt;
    const offset = wallTime - (steady + passed);
    const maxSlew = passed * slewing;
    steady += passed + Math.min(Math.max(offset, -maxSlew), maxSlew);
    readAt = elapsed;
    return new Date(Math.min(wallTime, steady));
  };
}

/** The clock by which this process measures ages. */
export const steadyClock: Clock = { ...systemClock, now: steadyTime() };
