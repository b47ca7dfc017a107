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
 * The time by a clock for ages: whoever sets the wall clock makes nothing older.
 *
 * From the wall clock at its making it counts by the monotonic time of the process, and nears a wall clock that was set by
 * one part in a hundred. It is never ahead of the wall clock: one that is set back is followed at once, and forth again as
 * far. A machine that was suspended finds its wall clock ahead, as if it had been set.
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
