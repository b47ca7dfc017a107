import { describe, expect, it } from '@jest/globals';
import { conclusionsOf, inTurns, mediansOf } from './rounds.ts';
import type { Figures } from './testbed.ts';

const finding = { name: 'ours / theirs', figure: 'perSecond', of: 'ours', to: 'theirs' };
const measured = new Map<string, Figures[]>([
  ['ours', [{ perSecond: 300 }, { perSecond: 100 }, { perSecond: 90 }]],
  ['theirs', [{ perSecond: 100 }, { perSecond: 50 }, { perSecond: 10 }]],
]);

describe('the rounds of a benchmark', () => {
  it('measure every contender equally often, and start with another one each time', async () => {
    const order: string[] = [];
    const contender = (name: string) => ({ name, measure: async () => ({ nth: order.push(name) }) });
    const asked = await inTurns([contender('a'), contender('b')], 3, (_title, measure) => measure());
    expect(order.join('')).toBe('abbaab');
    expect(asked.get('b')).toEqual([{ nth: 2 }, { nth: 3 }, { nth: 6 }]);
  });

  it('use ratios within one round', () => {
    // The ratio of the medians would be 2, because it compares a quiet round with a busy one.
    expect(conclusionsOf([finding], measured)).toEqual([{ ...finding, median: 3, rounds: [3, 2, 9] }]);
    expect(mediansOf(measured)).toEqual({ ours: { perSecond: 100 }, theirs: { perSecond: 50 } });
  });

  it('report whether a goal is met', () => {
    const met = (goal: { atLeast: number } | { atMost: number }) =>
      conclusionsOf([{ ...finding, goal }], measured)[0]?.met;
    expect([met({ atLeast: 3 }), met({ atLeast: 3.1 }), met({ atMost: 3 }), met({ atMost: 2.9 })]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('give no conclusion for a missing contender', () => {
    expect(
      conclusionsOf(
        [
          { ...finding, to: 'nobody' },
          { ...finding, figure: 'unknown' },
        ],
        measured,
      ),
    ).toEqual([]);
  });

  it('report a figure without a comparison as it is', () => {
    const alone = { name: 'ours', figure: 'perSecond', of: 'ours', goal: { atMost: 150 } };
    expect(conclusionsOf([alone], measured)).toMatchObject([{ median: 100, met: true }]);
  });
});
