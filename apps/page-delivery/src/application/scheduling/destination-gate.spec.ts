import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@pagebridge/testing';
import fc from 'fast-check';
import { type Caller, DestinationGate } from './destination-gate.ts';
import { type Rank, ranks } from './job.ts';

interface Started {
  readonly sourceOrg: string;
  readonly rank: Rank;
  /** The ranks of the other calls that could have been started, by source org. */
  readonly waiting: ReadonlyMap<string, ReadonlySet<Rank>>;
}

/** Runs callers with the given number of calls of one rank, at a gate whose calls end in the given groups. */
const history = (
  callCounts: readonly (readonly [string, Rank, number])[],
  concurrency: number,
  ends: readonly number[],
) => {
  const gate = new DestinationGate(concurrency, new FakeClock(new Date(0)));
  const started: Started[] = [];
  const callers = callCounts.map(([sourceOrg, rank, count]) => ({ sourceOrg, rank, left: count }));
  let [running, most] = [0, 0];
  const waiting = () => {
    const all = new Map<string, Set<Rank>>();
    for (const { sourceOrg, rank, left } of callers) {
      if (left > 0) all.set(sourceOrg, (all.get(sourceOrg) ?? new Set()).add(rank));
    }
    return all;
  };
  for (const caller of callers) {
    const { sourceOrg } = caller;
    const lane: Caller = {
      offers: (rank) => rank === caller.rank && caller.left > 0,
      start: (rank) => {
        started.push({ sourceOrg, rank, waiting: waiting() });
        caller.left -= 1;
        running += 1;
        most = Math.max(most, running);
      },
    };
    gate.enlist(lane, sourceOrg);
  }
  gate.pump();
  for (let turn = 0; running > 0; turn += 1) {
    const ending = 1 + ((ends[turn % ends.length] ?? 0) % running);
    running -= ending;
    for (let n = 0; n < ending; n += 1) gate.release();
  }
  return { started, most, left: callers.reduce((sum, { left }) => sum + left, 0) };
};

const callCount = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...ranks), fc.integer({ min: 1, max: 30 }));
const histories = fc.tuple(
  fc.array(callCount, { minLength: 1, maxLength: 10 }),
  fc.integer({ min: 1, max: 5 }),
  fc.array(fc.nat(4), { minLength: 1 }),
);

describe('the gate of a destination', () => {
  it('starts every call, and never more in parallel than the destination permits', () => {
    fc.assert(
      fc.property(histories, ([callCounts, concurrency, ends]) => {
        const { most, left } = history(callCounts, concurrency, ends);
        expect(left).toBe(0);
        expect(most).toBeLessThanOrEqual(concurrency);
      }),
    );
  });

  it('delays a call of a source org by at most one turn of each other org within a rank', () => {
    fc.assert(
      fc.property(histories, ([callCounts, concurrency, ends]) => {
        const turns = new Map<string, number>();
        let longest = 0;
        for (const { sourceOrg, rank, waiting } of history(callCounts, concurrency, ends).started) {
          for (const [other, ranks] of waiting) {
            const key = `${other} ${rank}`;
            const passed = other === sourceOrg || !ranks.has(rank) ? 0 : (turns.get(key) ?? 0) + 1;
            turns.set(key, passed);
            longest = Math.max(longest, passed);
          }
        }
        expect(longest).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('passes over less urgent calls, but not forever', () => {
    fc.assert(
      fc.property(histories, ([callCounts, concurrency, ends]) => {
        const { started } = history(callCounts, concurrency, ends);
        const passed = new Map<Rank, number>();
        let [early, longest] = [0, 0];
        for (const { rank, waiting } of started) {
          const all = new Set([...waiting.values()].flatMap((ranks) => [...ranks]));
          if (ranks.find((best) => all.has(best)) !== rank) early += 1;
          for (const other of ranks) {
            passed.set(other, other === rank || !all.has(other) ? 0 : (passed.get(other) ?? 0) + 1);
            longest = Math.max(longest, passed.get(other) ?? 0);
          }
        }
        expect(longest).toBeLessThanOrEqual(9 + ranks.length);
        expect(early).toBeLessThanOrEqual((3 * started.length) / 9);
      }),
    );
  });

  it('opens when its token buckets do, also if the clock moves between two readings and timers run early', async () => {
    for (let earlyMs = 0; earlyMs < 20; earlyMs += 1) {
      const clock = new FakeClock(new Date(0), { tickMs: 1, earlyMs });
      const gate = new DestinationGate(1, clock);
      const left = { calls: 5 };
      const lane: Caller = {
        offers: (rank) => rank === 'high/create' && left.calls > 0,
        start: () => {
          left.calls -= 1;
          gate.onRateLimit('create', { limit: 20, remaining: left.calls, periodMs: 1000, resetMs: 1000 });
          clock.after(1, () => gate.release());
        },
      };
      gate.enlist(lane, 'a');
      gate.pump();
      await clock.advance(10_000);
      expect([earlyMs, left.calls]).toEqual([earlyMs, 0]);
    }
  });
});
