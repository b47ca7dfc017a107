import { beforeEach, describe, expect, it } from '@jest/globals';
import { ListSchedule } from './list-schedule.ts';

const settings = { intervalMs: 60_000, retryMs: 2000, gapMs: 2000 };
let schedule: ListSchedule;

beforeEach(() => {
  schedule = new ListSchedule(settings, () => 0.5);
});

describe('the schedule of lists', () => {
  it('begins at once, and repeats after the interval and its jitter', () => {
    expect(schedule.dueAt).toBe(0);
    expect(schedule.begin(0)).toBe(true);
    expect(schedule.dueAt).toBe(63_000);
  });

  it('does not move a regular list because of a requested one', () => {
    schedule.begin(0);
    for (const now of [20_000, 40_000, 60_000]) {
      schedule.request(now);
      expect(schedule.dueAt).toBe(now);
      expect(schedule.begin(now)).toBe(false);
      expect(schedule.dueAt).toBe(63_000);
    }
  });

  it('combines a regular and a requested list if both are due', () => {
    schedule.begin(0);
    schedule.request(62_000);
    expect(schedule.begin(63_000)).toBe(true);
    expect(schedule.dueAt).toBe(126_000);
  });

  it('keeps the gap before a requested list', () => {
    schedule.begin(0);
    schedule.request(500);
    expect(schedule.dueAt).toBe(2000);
  });

  it('doubles the wait after failures up to the interval, but only keeps the gap before a requested list', () => {
    const pauses = [];
    for (let count = 0; count < 7; count += 1) {
      const now = schedule.dueAt;
      schedule.begin(now);
      schedule.failed(now, false);
      pauses.push((schedule.dueAt - now) / 1000);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60]);
    const now = schedule.dueAt - 60_000;
    schedule.request(now);
    expect(schedule.dueAt).toBe(now + 2000);
    schedule.begin(now + 2000);
    schedule.succeeded();
    expect(schedule.dueAt).toBe(now + 60_000);
  });

  it('does not delay a regular list because a requested one failed', () => {
    schedule.begin(0);
    schedule.request(62_000);
    schedule.begin(62_000);
    schedule.failed(62_000, false);
    expect(schedule.dueAt).toBe(63_000);
  });

  it('repeats a failed list as a requested one while its requests are unanswered', () => {
    schedule.begin(0);
    schedule.request(10_000);
    schedule.begin(10_000);
    schedule.failed(10_000, true);
    expect(schedule.dueAt).toBe(12_000);
    expect(schedule.begin(12_000)).toBe(false);
    expect(schedule.dueAt).toBe(63_000);
  });
});
