import { type CallKind } from '@pagebridge/page-lifecycle';
import type { Entry } from './agenda.ts';
import { callKindOf, type Feedback, type Job, type Rank, ranks } from './job.ts';
import type { Lane } from './lane.ts';
import { RoundRobin } from './round-robin.ts';
import { TokenBucket } from './token-bucket.ts';

const retryBlockedMs = 250;

interface RankTurns {
  readonly rank: Rank;
  readonly lanes: RoundRobin<Lane>;
  passedOver: number;
}

/** The results of an attempt that made no call. */
export const uncalled: ReadonlySet<Feedback['kind']> = new Set(['not-called', 'stalled', 'overdue', 'blocked']);

/** After this many turns of others, who comes later in the order gets a turn. */
const maxPassedOver = 9;

/**
 * The calls to one destination org, over all its connections: how many, how fast, and in which order.
 *
 * Urgent calls go first, in whatever lane they are. Within a rank the source orgs take turns, so that an alert storm of
 * one org delays the page of another by the calls in flight and one turn of each org. Failures affect only their lane;
 * a pause that the destination requests affects all lanes.
 */
export class DestinationQueue implements Entry {
  place = -1;
  agendaAt = 0;
  private running = 0;
  private readonly order: readonly RankTurns[] = ranks.map((rank) => ({
    rank,
    lanes: new RoundRobin(),
    passedOver: 0,
  }));
  private readonly buckets: Record<CallKind, TokenBucket> = { create: new TokenBucket(), resolve: new TokenBucket() };

  constructor(private readonly concurrency: number) {}

  /** Queues a lane for each rank that it offers. */
  register(lane: Lane, now: number): void {
    for (const { rank, lanes } of this.order) if (lane.offers(rank, now)) lanes.add(lane.sourceOrg, lane);
  }

  /** Begins the next call, if one may be made now. */
  next(now: number): Job | undefined {
    if (this.running >= this.concurrency) return undefined;
    // The connection of a lane may lead to another destination by now, or be gone.
    const open = this.order.filter(
      ({ rank, lanes }) =>
        this.buckets[callKindOf(rank)].opensAt(now) <= now &&
        lanes.first((lane) => lane.queue === this && lane.offers(rank, now)),
    );
    const turns = whoseTurn(open);
    const job = turns?.lanes.rotate()?.dequeue(turns.rank, now);
    if (!job) return undefined;
    this.buckets[job.callKind].acquire(now);
    this.running += 1;
    return job;
  }

  /** Ends a call, and follows what the destination said of its limits. */
  end(kind: CallKind, feedback: Feedback, now: number): void {
    this.running -= 1;
    const { rateLimit } = feedback;
    if (rateLimit) {
      // Kinds of calls whose limits have the same name share a bucket.
      if (rateLimit.name !== undefined && rateLimit.name !== this.buckets[kind].name) {
        const shared = Object.values(this.buckets).find(({ name }) => name === rateLimit.name);
        this.buckets[kind] = shared ?? new TokenBucket(rateLimit.name);
      }
      this.buckets[kind].update(rateLimit, now);
    }
    if (feedback.kind === 'limited') this.buckets[kind].pause(feedback.pauseMs, now);
    if (uncalled.has(feedback.kind)) this.buckets[kind].giveBack();
    // Thousands of jobs may wait behind this one, and would get the same result.
    if (feedback.kind === 'blocked') this.buckets[kind].pause(retryBlockedMs, now);
  }

  /** Returns when a token bucket opens that was closed at `now`; infinite if none was. */
  opensAt(now: number): number {
    const times = Object.values(this.buckets).map((bucket) => bucket.opensAt(now));
    return Math.min(Number.POSITIVE_INFINITY, ...times.filter((at) => at > now));
  }
}

/** Returns the first, unless others were passed over too often: then the one that was passed over most. */
function whoseTurn<T extends { passedOver: number }>(waiting: readonly T[]): T | undefined {
  const [first] = waiting;
  const [patient] = waiting.toSorted((a, b) => b.passedOver - a.passedOver);
  const chosen = patient && patient.passedOver >= maxPassedOver ? patient : first;
  for (const it of waiting) it.passedOver = it === chosen ? 0 : it.passedOver + 1;
  return chosen;
}
