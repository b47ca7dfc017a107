import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoundRobin } from './round-robin.ts';

const always = () => true;
const named = (...names: string[]) => names.map((name) => ({ name, org: name.slice(0, 1) }));

/** Takes the first item and puts it to the end. */
const turn = (turns: RoundRobin<{ name: string; org: string }>): string | undefined => {
  const first = turns.first(always);
  turns.rotate();
  return first?.name;
};

describe('a round robin', () => {
  it('alternates among the source orgs, and within an org among its connections', () => {
    const turns = new RoundRobin<{ name: string; org: string }>();
    for (const item of named('a1', 'a2', 'a3', 'b1')) turns.add(item.org, item);

    expect(Array.from({ length: 6 }, () => turn(turns))).toEqual(['a1', 'b1', 'a2', 'b1', 'a3', 'b1']);
  });

  it('skips an item that is not ready until it is added again', () => {
    const turns = new RoundRobin<{ name: string; org: string }>();
    const [a1, b1] = named('a1', 'b1') as [{ name: string; org: string }, { name: string; org: string }];
    turns.add('a', a1);
    turns.add('b', b1);
    expect(turns.first((item) => item === b1)).toBe(b1);
    expect(turns.first(always)).toBe(b1);

    turns.add('a', a1);
    turn(turns);
    expect(turns.first(always)).toBe(a1);
  });

  it('gives no second turn while another source org waits for its first', () => {
    const counts = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 6 })), { minLength: 1 });
    fc.assert(
      fc.property(counts, (lanes) => {
        const turns = new RoundRobin<{ org: string; left: number }>();
        const items = lanes.map(([org, left]) => ({ org, left }));
        for (const item of items) turns.add(item.org, item);
        const waits = new Map<string, number>();
        let longest = 0;
        const isReady = ({ left }: { left: number }) => left > 0;
        for (let item = turns.first(isReady); item; item = turns.first(isReady)) {
          for (const org of ['a', 'b', 'c']) {
            const isWaiting = org !== item.org && items.some((it) => it.org === org && it.left > 0);
            waits.set(org, isWaiting ? (waits.get(org) ?? 0) + 1 : 0);
            longest = Math.max(longest, waits.get(org) ?? 0);
          }
          item.left -= 1;
          turns.rotate();
        }
        expect(longest).toBeLessThanOrEqual(2);
        expect(items.every(({ left }) => left === 0)).toBe(true);
      }),
    );
  });
});
