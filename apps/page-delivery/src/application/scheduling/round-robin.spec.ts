import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoundRobin } from './round-robin.ts';

const always = () => true;

describe('a round robin', () => {
  it('alternates among the source orgs, and within an org among its connections', () => {
    const turns = new RoundRobin<string>();
    for (const waiting of ['a1', 'a2', 'a3', 'b1']) turns.add(waiting.slice(0, 1), waiting);
    const taken = Array.from({ length: 6 }, () => {
      const first = turns.first(always);
      turns.rotate();
      return first;
    });

    expect(taken).toEqual(['a1', 'b1', 'a2', 'b1', 'a3', 'b1']);
  });

  it('skips an item that is not ready until it is added again', () => {
    const turns = new RoundRobin<string>();
    turns.add('a', 'a1');
    turns.add('b', 'b1');
    expect(turns.first((waiting) => waiting === 'b1')).toBe('b1');
    expect(turns.first(always)).toBe('b1');

    turns.add('a', 'a1');
    turns.rotate();
    expect(turns.first(always)).toBe('a1');
  });

  it('gives no second turn while another source org waits for its first', () => {
    const laneCount = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(laneCount, { minLength: 1, maxLength: 12 }), (counts) => {
        const left = new Map<string, number>();
        const turns = new RoundRobin<string>();
        for (const [org, count] of counts) {
          const lane = `${org}${count}`;
          left.set(lane, count);
          turns.add(org, lane);
        }
        const isReady = (lane: string) => (left.get(lane) ?? 0) > 0;
        const isWaiting = (org: string) => [...left.keys()].some((lane) => lane.startsWith(org) && isReady(lane));
        const others = new Map<string, number>();
        let longest = 0;
        for (let lane = turns.first(isReady); lane; lane = turns.first(isReady)) {
          const org = lane.slice(0, 1);
          for (const other of ['a', 'b', 'c']) {
            others.set(other, other === org || !isWaiting(other) ? 0 : (others.get(other) ?? 0) + 1);
            longest = Math.max(longest, others.get(other) ?? 0);
          }
          left.set(lane, (left.get(lane) ?? 0) - 1);
          turns.rotate();
        }
        expect(longest).toBeLessThanOrEqual(2);
        expect([...left.values()].every((count) => count === 0)).toBe(true);
      }),
    );
  });
});
