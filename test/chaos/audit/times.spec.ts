import { describe, expect, it } from '@jest/globals';
import { floodOrg } from '../world.ts';
import { HistoryBuilder } from './history.fixtures.ts';
import { bounds, isInTime, type Lull, timesOf } from './times.ts';

/** Builds alerts one after another, whose pages took these times. */
function paged(...took: readonly number[]) {
  const builder = new HistoryBuilder();
  for (const [index, ms] of took.entries()) {
    const alert = builder.alert(`key-${index}`, { message: '@oncall-core' });
    const at = builder.history.alerts.at(-1)?.timestamp ?? 0;
    builder.page(builder.command(alert), { createdAt: at + ms });
  }
  const first = builder.history.alerts[0]?.timestamp ?? 0;
  // The lull ends so late that the page of the last alert is due before.
  const end = (builder.history.alerts.at(-1)?.timestamp ?? 0) + bounds.healthyP99Ms;
  return { history: builder.history, first, end };
}

describe('the service time of healthy alerts in a lull', () => {
  it('is the p99 of the alerts that were sent after service was restored', () => {
    const { history, first, end } = paged(9_000, ...Array.from({ length: 197 }, (_, i) => i), 1_500, 1_500, 3_000);
    const lull: Lull = { healedAt: first - 400, servedAt: first + 1, until: end };
    expect(timesOf([lull], history)).toMatchObject({ healthyP99Ms: 1_500, recoveredMs: 401, measured: 200 });
    expect(timesOf([lull], history).slowest).toMatchObject([{ ms: 3_000 }]);
    expect(timesOf([{ ...lull, servedAt: first }], history)).toMatchObject({ healthyP99Ms: 1_500, measured: 201 });
  });

  it('excludes alerts at the end, whose pages the next fault may delay', () => {
    const { history, first, end } = paged(100, 8_000);
    const lull: Lull = { healedAt: first, servedAt: first, until: end - 1 };
    expect(timesOf([lull], history)).toMatchObject({ healthyP99Ms: 100, measured: 1 });
  });

  it('is in time within its bounds, but not without measurements or without restored service', () => {
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

  it('excludes the flood, and fails unless pages of the flood waited during a whole lull', () => {
    const builder = new HistoryBuilder();
    const alert = (alertKey: string) => builder.alert(alertKey, { message: '@oncall-core' });
    const flood = builder.command(alert('flood'), 'core', { sourceOrg: floodOrg });
    const healthy = alert('cpu');
    const at = builder.history.alerts.at(-1)?.timestamp ?? 0;
    builder.page(builder.command(healthy), { createdAt: at + 100 });
    const lull: Lull = { healedAt: at, servedAt: at, until: at + bounds.healthyP99Ms };
    const timesWith = (createdAt: number) => {
      const { pages } = builder.history;
      const page = { org: 'd01', id: 'd-flood', pageId: flood.pageId, tagged: false, resolved: false, createdAt };
      return timesOf([lull], { ...builder.history, pages: [...pages, page] }, floodOrg);
    };

    const through = timesWith(lull.until + 1);
    expect(through).toMatchObject({ healthyP99Ms: 100, measured: 1, flooded: 1 });
    expect(isInTime(through)).toBe(true);
    const during = timesWith(lull.until);
    expect(during).toMatchObject({ healthyP99Ms: 100, measured: 1, flooded: 0 });
    expect(isInTime(during)).toBe(false);
  });
});
