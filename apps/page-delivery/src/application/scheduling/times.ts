import type { Job } from './job.ts';
import type { Lane } from './lane.ts';

export type Times = Pick<Job, 'readyAt' | 'deadline'>;

/** The times of a page that is not called any more, but given up as soon as that may be. */
export const toBeGivenUp = (now: number): Times => ({ readyAt: Number.POSITIVE_INFINITY, deadline: now });

/** Puts a job back into its lane, with other times. */
export function putBack(lane: Lane, job: Job, times: Partial<Times>, now: number): void {
  Object.assign(job, times);
  lane.put(job, now);
}
