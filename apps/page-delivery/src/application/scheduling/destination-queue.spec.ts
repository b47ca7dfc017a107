import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DestinationQueue } from './destination-queue.ts';
import { callKindOf, type Job, type Rank, ranks } from './job.ts';
import { aJob, aLane } from './jobs.fixtures.ts';
import type { Lane } from './lane.ts';

interface Started {
  readonly sourceOrg: string;
  readonly rank: Rank;
  /** The ranks of the calls that could have been started, by source org. */
  readonly offered: ReadonlyMap<string, ReadonlySet<Rank>>;
}

interface Waiting {
  readonly lane: string;
  readonly rank: Rank;
  readonly isTried: boolean;
  readonly count: number;
}

const laneConcurrency = 4;

/** Makes all calls of the lanes `a1`, `a2`, `b1` and `c1` at a queue whose calls end in the given groups. */
const history = (all: readonly Waiting[], concurrency: number, ends: readonly number[]) => {
  const queue = new DestinationQueue(concurrency);
  const lanes = new Map<string, Lane>();
  for (const { lane: name, rank, isTried, count } of all) {
    const lane = lanes.get(name) ?? aLane(name.slice(0, 1), { concurrency: laneConcurrency, queue });
    lanes.set(name, lane);
    for (let n = 0; n < count; n += 1) lane.put(aJob(rank, { connectionId: name, isTried }), 0);
  }
  for (const lane of lanes.values()) queue.register(lane, 0);
  const offered = () => {
    const byOrg = new Map<string, Set<Rank>>();
    for (const lane of lanes.values()) {
      const known = byOrg.get(lane.sourceOrg) ?? new Set();
      byOrg.set(lane.sourceOrg, known);
      for (const rank of ranks) if (lane.offers(rank, 0)) known.add(rank);
    }
    return byOrg;
  };
  const started: Started[] = [];
  const running: Job[] = [];
  let [most, maxOfLane] = [0, 0];
  for (let turn = 0; ; turn += 1) {
    for (let before = offered(), job = queue.next(0); job; before = offered(), job = queue.next(0)) {
      const rank = `${job.urgency}/${job.callKind}` as const;
      started.push({ sourceOrg: job.connectionId.slice(0, 1), rank, offered: before });
      running.push(job);
      most = Math.max(most, running.length);
      maxOfLane = Math.max(maxOfLane, ...[...lanes.values()].map((lane) => lane.running));
    }
    if (running.length === 0) break;
    const ending = 1 + ((ends[turn % ends.length] ?? 0) % running.length);
    for (const job of running.splice(0, ending)) {
      const lane = lanes.get(job.connectionId) as Lane;
      queue.end(job.callKind, { kind: 'served' }, 0);
      lane.release(job);
      queue.register(lane, 0);
    }
  }
  return { started, most, maxOfLane, left: [...lanes.values()].reduce((sum, { size }) => sum + size, 0) };
};

const waiting = fc.record({
  lane: fc.constantFrom('a1', 'a2', 'b1', 'c1'),
  rank: fc.constantFrom(...ranks),
  isTried: fc.boolean(),
  count: fc.integer({ min: 1, max: 30 }),
});
const histories = fc.tuple(
  fc.array(waiting, { minLength: 1, maxLength: 10 }),
  fc.integer({ min: 1, max: 5 }),
  fc.array(fc.nat(4), { minLength: 1 }),
);

describe('the queue of a destination', () => {
  it('starts every call, and never more in parallel than the destination and the connection permit', () => {
    fc.assert(
      fc.property(histories, (its) => {
        const { most, maxOfLane, left } = history(...its);
        expect(left).toBe(0);
        expect(most).toBeLessThanOrEqual(its[1]);
        expect(maxOfLane).toBeLessThanOrEqual(laneConcurrency);
      }),
    );
  });

  it('delays a call of a source org by at most one turn of each other org within a rank', () => {
    fc.assert(
      fc.property(histories, (its) => {
        const turns = new Map<string, number>();
        let longest = 0;
        for (const { sourceOrg, rank, offered } of history(...its).started) {
          for (const [other, itsRanks] of offered) {
            const key = `${other} ${rank}`;
            const passed = other === sourceOrg || !itsRanks.has(rank) ? 0 : (turns.get(key) ?? 0) + 1;
            turns.set(key, passed);
            longest = Math.max(longest, passed);
          }
        }
        expect(longest).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('passes over less urgent calls nine times, and makes no others before urgent ones', () => {
    fc.assert(
      fc.property(histories, (its) => {
        const { started } = history(...its);
        const passed = new Map<Rank, number>();
        let [early, longest] = [0, 0];
        for (const { rank, offered } of started) {
          const all = new Set([...offered.values()].flatMap((its) => [...its]));
          if (ranks.find((best) => all.has(best)) !== rank) early += 1;
          for (const other of ranks) {
            passed.set(other, other === rank || !all.has(other) ? 0 : (passed.get(other) ?? 0) + 1);
            longest = Math.max(longest, passed.get(other) ?? 0);
          }
        }
        // The other ranks that were passed over, too, may go before.
        expect(longest).toBeLessThanOrEqual(9 + ranks.length);
        expect(early).toBeLessThanOrEqual((3 * started.length) / 9);
      }),
    );
  });

  it.each(ranks)('under a storm without end of every rank makes the repeated calls of %s', (rank) => {
    const queue = new DestinationQueue(1);
    const lane = aLane('acme', { queue });
    for (const other of ranks) for (let n = 0; n < 200; n += 1) lane.put(aJob(other), 0);
    for (let n = 0; n < 5; n += 1) lane.put(aJob(rank, { isTried: true }), 0);
    queue.register(lane, 0);
    const repeated: number[] = [];
    for (let turn = 0; repeated.length < 5 && turn < 500; turn += 1) {
      const job = queue.next(0) as Job;
      if (job.isTried) repeated.push(turn);
      queue.end(job.callKind, { kind: 'served' }, 0);
      lane.release(job);
    }
    // Every other of its turns, and at least one turn in 13.
    expect(repeated).toHaveLength(5);
    expect(repeated.at(-1)).toBeLessThanOrEqual(5 * 2 * 13);
  });

  it('keeps the rate limit of the destination, and makes all calls nevertheless', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), (limit, seconds) => {
        const periodMs = seconds * 1000;
        const queue = new DestinationQueue(1);
        const lane = aLane('acme', { queue });
        for (let n = 0; n < 5 * limit; n += 1) lane.put(aJob('high/create'), 0);
        queue.register(lane, 0);
        const calls: number[] = [];
        for (let now = 12_345; lane.size > 0 && now < 12_345 + 20 * periodMs; ) {
          const job = queue.next(now);
          if (!job) {
            now = queue.opensAt(now);
            continue;
          }
          calls.push(Math.floor(now / periodMs));
          const used = calls.filter((period) => period === calls.at(-1)).length;
          const resetMs = Math.ceil((((calls.at(-1) ?? 0) + 1) * periodMs - now) / 1000) * 1000;
          const rateLimit = { limit, remaining: Math.max(0, limit - used), periodMs, resetMs };
          queue.end(callKindOf('high/create'), { kind: 'served', rateLimit }, now);
          lane.release(job);
          queue.register(lane, now);
        }
        expect(lane.size).toBe(0);
        for (const period of calls) expect(calls.filter((it) => it === period).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
