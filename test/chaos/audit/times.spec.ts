import { describe, expect, it } from '@jest/globals';
import { Telling } from './history.features.ts';
import { bounds, isInTime, type Lull, timesOf } from './times.ts';

/** Alerts one after another, with how long the page of each took. */
function paged(...took: readonly number[]) {
  const telling = new Telling();
  for (const [index, ms] of took.entries()) {
    const alert = telling.alert(`key-${index}`, { message: '@oncall-core' });
    const at = telling.history.alerts.at(-1)?.timestamp ?? 0;
    telling.page(telling.command(alert), { createdAt: at + ms });
  }
  const first = telling.history.alerts[0]?.timestamp ?? 0;
  // So long after the last alert that its page is due before the lull ends.
  const end = (telling.history.alerts.at(-1)?.timestamp ?? 0) + bounds.healthyP99Ms;
  return { history: telling.history, first, end };
}

describe('how fast healthy alerts are served in a lull', () => {
  it('is the p99 of the pages of those that were sent in it, after they were served again', () => {
    const { history, first, end } = paged(9_000, ...Array.from({ length: 197 }, (_, i) => i), 1_500, 1_500, 3_000);
    const lull: Lull = { healedAt: first - 400, servedAt: first + 1, until: end };
    expect(timesOf([lull], history)).toMatchObject({ healthyP99Ms: 1_500, recoveredMs: 401, measured: 200 });
    expect(timesOf([lull], history).slowest).toMatchObject([{ ms: 3_000 }]);
    expect(timesOf([{ ...lull, servedAt: first }], history)).toMatchObject({ healthyP99Ms: 1_500, measured: 201 });
  });

  it('leaves out those of its end, whose pages the next fault may meet', () => {
    const { history, first, end } = paged(100, 8_000);
    const lull: Lull = { healedAt: first, servedAt: first, until: end - 1 };
    expect(timesOf([lull], history)).toMatchObject({ healthyP99Ms: 100, measured: 1 });
  });

  it('is in time within its bounds, and not where nothing was measured or nobody was served again', () => {
    const { history, first, end } = paged(2_000);
    const lull: Lull = { healedAt: first - 30_000, servedAt: first, until: end };
    expect(isInTime(timesOf([lull], history))).toBe(true);
    expect(isInTime(timesOf([{ ...lull, healedAt: lull.healedAt - 1 }], history))).toBe(false);
    expect(isInTime(timesOf([lull, { healedAt: first, until: end }], history))).toBe(false);
    expect(isInTime(timesOf([], history))).toBe(false);
    const slow = paged(2_001);
    const its: Lull = { healedAt: slow.first, servedAt: slow.first, until: slow.end };
    expect(isInTime(timesOf([its], slow.history))).toBe(false);
  });
});
