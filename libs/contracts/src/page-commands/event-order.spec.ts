import { describe, expect, it } from '@jest/globals';
import { isLater, laterRecord } from './event-order.ts';

const minute = 60_000;
const record = (offset: number, partition = 3, topic = 'paging.alerts.v1') => `${topic}/${partition}/${offset}`;

describe('of two events of an alert', () => {
  it.each([
    ['the later record, if their times differ by less than five minutes', 5 * minute - 1, record(9), record(10), false],
    ['the later time, if they are five minutes apart', 5 * minute, record(9), record(10), true],
    ['the later time, if their records are in different partitions', 1, record(9), record(10, 4), true],
    ['the later time, if their records are in different topics', 1, record(9), record(10, 3, 'paging'), true],
    ['the later time, if one has no record', 1, undefined, record(10), true],
    ['the later time, if the other has no record', 1, record(9), undefined, true],
  ])('%s, is later', (_, apartMs, one, other, expected) => {
    const events = [
      { at: apartMs, record: one },
      { at: 0, record: other },
    ] as const;

    expect(isLater(events[0], events[1])).toBe(expected);
    expect(isLater(events[1], events[0])).toBe(!expected);
  });

  it('none is later if only their times order them, and are equal', () => {
    expect(isLater({ at: 0 }, { at: 0, record: record(9) })).toBe(false);
  });
});

it('the later record is found only among those of one partition', () => {
  expect(laterRecord(record(10), record(9))).toBe(record(10));
  expect(laterRecord(record(9), record(10))).toBe(record(10));
  expect(laterRecord(record(10), record(9, 4))).toBeUndefined();
  expect(laterRecord(undefined, record(9))).toBeUndefined();
});
