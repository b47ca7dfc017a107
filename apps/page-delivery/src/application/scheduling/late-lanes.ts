import type { Entry } from './agenda.ts';
import type { Job } from './job.ts';
import type { Lane } from './lane.ts';
import { RoundRobin } from './round-robin.ts';

/** The lanes with late jobs. Their source orgs take turns: hundreds of thousands of late pages of one delay no other's. */
export class LateLanes implements Entry {
  place = -1;
  dueAt = 0;
  /** When late jobs may be taken again. */
  nextAt = 0;
  private readonly lanes = new RoundRobin<Lane>();

  add(lane: Lane): void {
    this.lanes.add(lane.sourceOrg, lane);
  }

  /** Takes the next late job. */
  next(): Job | undefined {
    const lane = this.lanes.first(({ late }) => late.size > 0);
    const job = lane?.late.first();
    if (job) lane?.late.delete(job);
    this.lanes.rotate();
    return job;
  }
}
