import { describe, expect, it } from '@jest/globals';
import { done } from './batch-result.ts';
import { commitPlanOf } from './commit-plan.ts';

const record = (offset: number) => ({
  topic: 't',
  partition: 0,
  offset,
  timestamp: 0,
  key: null,
  value: null,
  headers: {},
});
const batch = { topic: 't', partition: 0, generation: 1, records: [10, 11, 14].map(record) };
const parkedAt = (offset: number) => ({ offset, reason: 'not-json' as const, detail: 'd' });
const retryFrom = (fromOffset: number) => ({ fromOffset, afterMs: 5, cause: 'c' });

describe('a commit plan', () => {
  it('commits past trailing control records when all records are handled', () => {
    expect(commitPlanOf(batch, done, 17)).toEqual({ parked: [], nextOffset: 17 });
  });

  it('commits up to the offset of the retry', () => {
    expect(commitPlanOf(batch, { retry: retryFrom(14) }, 15)).toMatchObject({ nextOffset: 14, retry: { afterMs: 5 } });
  });

  it('parks only records below the retry, because the others are delivered again', () => {
    const plan = commitPlanOf(batch, { parked: [parkedAt(10), parkedAt(14)], retry: retryFrom(11) }, 15);
    expect(plan.parked.map(({ record: { offset } }) => offset)).toEqual([10]);
  });

  it.each([
    ['a retry before the batch', { retry: retryFrom(9) }],
    ['a retry after the batch', { retry: retryFrom(16) }],
    ['a retry from NaN', { retry: retryFrom(Number.NaN) }],
    ['a parked offset that is not in the batch', { parked: [parkedAt(12)] }],
  ])('refuses %s', (_case, outcome) => {
    expect(() => commitPlanOf(batch, outcome, 15)).toThrow(RangeError);
  });
});
