import { beforeEach, describe, expect, it } from '@jest/globals';
import { ListSchedule } from './list-schedule.ts';

const settings = { intervalMs: 60_000, retryMs: 2000, gapMs: 2000 };
let schedule: ListSchedule;

beforeEach(() => {
  schedule = new ListSchedule(settings, () => 0.5);
});

describe('the schedule of lists', () => {
  it('has one at once, and then one in each interval and a little more', () => {
    expect(schedule.dueAt).toBe(0);
    expect(schedule.begin(0)).toBe(true);
    expect(schedule.dueAt).toBe(63_000);
  });

  it('moves none that is due by itself for one that is asked for', () => {
    schedule.begin(0);
    for (const now of [20_000, 40_000, 60_000]) {
      schedule.ask(now);
      expect(schedule.dueAt).toBe(now);
      expect(schedule.begin(now)).toBe(false);
      expect(schedule.dueAt).toBe(63_000);
    }
  });

  it('has one list for who asks and by itself, where both are due', () => {
    schedule.begin(0);
    schedule.ask(62_000);
    expect(schedule.begin(63_000)).toBe(true);
    expect(schedule.dueAt).toBe(126_000);
  });

  it('keeps the gap before a list that is asked for', () => {
    schedule.begin(0);
    schedule.ask(500);
    expect(schedule.dueAt).toBe(2000);
  });

  it('tries again ever later, up to the interval, and who asks meanwhile waits for no more than the gap', () => {
    const pauses = [];
    for (let count = 0; count < 7; count += 1) {
      const now = schedule.dueAt;
      schedule.begin(now);
      schedule.failed(now, false);
      pauses.push((schedule.dueAt - now) / 1000);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60]);
    const now = schedule.dueAt - 60_000;
    schedule.ask(now);
    expect(schedule.dueAt).toBe(now + 2000);
    schedule.begin(now + 2000);
    schedule.succeeded();
    expect(schedule.dueAt).toBe(now + 60_000);
  });

  it('makes none that is due by itself later for one that was asked for and failed', () => {
    schedule.begin(0);
    schedule.ask(62_000);
    schedule.begin(62_000);
    schedule.failed(62_000, false);
    expect(schedule.dueAt).toBe(63_000);
  });

  it('repeats one as asked for where those who asked are not told yet', () => {
    schedule.begin(0);
    schedule.ask(10_000);
    schedule.begin(10_000);
    schedule.failed(10_000, true);
    expect(schedule.dueAt).toBe(12_000);
    expect(schedule.begin(12_000)).toBe(false);
    expect(schedule.dueAt).toBe(63_000);
  });
});
