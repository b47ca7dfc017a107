import { expect, it } from '@jest/globals';
import { FakeClock } from '@pagebridge/testing';
import type { Job } from './job.ts';
import { LaneQueue } from './lane-queue.ts';

const job = (pageId: string, isTried: boolean): Job => ({
  ledgerPartition: {} as Job['ledgerPartition'],
  key: pageId,
  pageId,
  connectionId: 'c',
  step: 'create',
  urgency: 'high',
  isTried,
  since: 0,
  deadline: Number.POSITIVE_INFINITY,
  isWaiting: false,
});
const deadlines = { add: () => undefined, delete: () => undefined };
const clock = () => new FakeClock(new Date('2026-01-31T12:00:00.000Z'));
const taken = (queue: LaneQueue, count: number) =>
  Array.from({ length: count }, () => queue.take('high/create')?.pageId);

it('an untried job goes before tried ones, which still get a turn', () => {
  const queue = new LaneQueue(clock(), deadlines, () => undefined);
  for (let n = 0; n < 3; n += 1) queue.add(job(`tried-${n}`, true), 0);
  for (let n = 0; n < 19; n += 1) queue.add(job(`new-${n}`, false), 0);

  const order = taken(queue, 22);
  expect(order.slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, n) => `new-${n}`));
  expect(order.indexOf('tried-0')).toBe(9);
  expect(order.indexOf('tried-1')).toBe(19);
  expect(order.at(-1)).toBe('tried-2');
  expect(queue.depth).toEqual({ ready: 0, delayed: 0 });
});

it('a delayed job is released at once by hurry, and only once', async () => {
  const time = clock();
  const queue = new LaneQueue(time, deadlines, () => undefined);
  queue.add(job('late', true), 60_000);
  queue.hurry();

  expect(taken(queue, 1)).toEqual(['late']);
  await time.advance(120_000);
  expect(queue.depth).toEqual({ ready: 0, delayed: 0 });
});
