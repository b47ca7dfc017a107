import { aConnection } from '@pagebridge/testing';
import type { DestinationQueue } from './destination-queue.ts';
import { callKindOf, type Job, type Rank } from './job.ts';
import { Lane } from './lane.ts';

let pages = 0;

export const aJob = (rank: Rank, its: Partial<Job> = {}): Job => ({
  ledgerPartition: {} as Job['ledgerPartition'],
  key: 'acme/alert',
  pageId: `page-${pages++}`,
  connectionId: 'c',
  teamId: 'team',
  callKind: callKindOf(rank),
  urgency: rank.startsWith('high') ? 'high' : 'low',
  isTried: false,
  since: 0,
  readyAt: 0,
  deadline: Number.POSITIVE_INFINITY,
  isWaiting: false,
  place: -1,
  agendaAt: 0,
  ...its,
});

export const aLane = (sourceOrg = 'acme', its: { concurrency?: number; queue?: DestinationQueue } = {}): Lane => {
  const lane = new Lane({
    concurrency: its.concurrency ?? 100,
    destinationConcurrency: 100,
    backoff: { baseMs: 1000, capMs: 60_000 },
  });
  lane.renew(aConnection({ sourceOrg }), its.queue, 0);
  return lane;
};
