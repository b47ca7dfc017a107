import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RulesQueue } from './rules-queue.ts';

const rounds = 10;
const teams = (count: number) => new Set(Array.from({ length: count }, (_, index) => `t${index}`));

/** Reads all queued teams in batches; the broken ones fail. Returns the teams that were taken. */
const drain = (queue: RulesQueue, broken: ReadonlySet<string> = new Set(), batch = 8): string[] => {
  const all: string[] = [];
  for (let taken = queue.dequeue(batch); taken.length > 0; taken = queue.dequeue(batch)) {
    for (const teamId of taken) {
      if (broken.has(teamId)) queue.failed(teamId, true);
      else queue.read(teamId);
    }
    all.push(...taken);
  }
  return all;
};

describe('the queue of rules to read', () => {
  it('has all teams within ten rounds, a tenth in each, even if some stay broken and others are added', () => {
    const run = fc.record({
      count: fc.integer({ min: 1, max: 120 }),
      broken: fc.array(fc.integer({ min: 0, max: 119 }), { maxLength: 60 }),
      comers: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: rounds, maxLength: rounds }),
    });
    fc.assert(
      fc.property(run, ({ count, broken: brokenOnes, comers }) => {
        const queue = new RulesQueue(rounds);
        const broken = new Set(brokenOnes.map((index) => `t${index}`));
        const stayed = teams(count);
        queue.round(stayed);
        drain(queue, broken);
        const read = new Set<string>();
        const present = new Set(stayed);
        for (const [round, coming] of comers.entries()) {
          for (let index = 0; index < coming; index += 1) present.add(`n${round}-${index}`);
          const fresh = [...present].filter((teamId) => !queue.has(teamId));
          queue.round(present);
          for (const teamId of fresh) queue.enqueue(teamId, 'new');
          queue.retry();
          for (const teamId of drain(queue, broken)) read.add(teamId);
        }
        expect([...present].filter((teamId) => !read.has(teamId))).toEqual([]);
      }),
    );
  });

  it('is complete if only teams remain that failed three times while others could be read', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(4));
    queue.failed('t0', true);
    queue.failed('t1', false);
    expect(queue.isIncomplete).toBe(true);
    for (let count = 0; count < 4; count += 1) queue.failed('t1', false);
    expect(queue.isIncomplete).toBe(true);
    queue.read('t1');
    for (let count = 0; count < 2; count += 1) queue.failed('t0', true);
    expect({ isIncomplete: queue.isIncomplete, unread: queue.unread }).toEqual({ isIncomplete: false, unread: 1 });
    queue.read('t0');
    queue.failed('t0', true);
    expect(queue.isIncomplete).toBe(true);
  });

  it('has the least recently read teams first', () => {
    const queue = new RulesQueue(2);
    queue.round(teams(4));
    expect(drain(queue)).toEqual(['t0', 't1']);
    queue.round(teams(4));
    expect(drain(queue)).toEqual(['t2', 't3']);
    queue.round(teams(4));
    expect(drain(queue)).toEqual(['t0', 't1']);
  });

  it('has new teams first, then changed, requested and suspected ones, and then the others', () => {
    const queue = new RulesQueue(1);
    queue.round(teams(5));
    queue.enqueue('t4', 'suspected');
    queue.enqueue('t3', 'changed');
    queue.enqueue('t2', 'new');
    queue.enqueue('t1', 'requested');
    expect(drain(queue)).toEqual(['t2', 't3', 't1', 't4', 't0']);
  });

  it('gives at most half of a batch to teams that could not be read while others wait', () => {
    const queue = new RulesQueue(1);
    const all = teams(20);
    queue.round(all);
    const broken = new Set([...all].slice(0, 12));
    drain(queue, broken);
    queue.round(all);
    queue.retry();
    expect(queue.dequeue(8).filter((teamId) => broken.has(teamId))).toHaveLength(4);
  });

  it('counts a new team as unread until it was read', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(1));
    queue.enqueue('t0', 'new');
    expect(queue.unread).toBe(1);
    drain(queue, teams(1));
    expect([queue.unread, queue.isEmpty]).toEqual([1, true]);
    queue.retry();
    drain(queue);
    expect(queue.unread).toBe(0);
  });

  it('forgets a team that is no longer listed', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(2));
    queue.enqueue('t1', 'new');
    queue.round(teams(1));
    expect(drain(queue)).toEqual(['t0']);
    expect(queue.unread).toBe(0);
  });

  it('reports new or changed teams, but not teams that were only requested', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(3));
    queue.enqueueAll(() => false);
    expect(queue.hasNewOrChanged).toBe(false);
    queue.enqueue('t9', 'new');
    expect(queue.hasNewOrChanged).toBe(true);
    drain(queue);
    expect(queue.hasNewOrChanged).toBe(false);
  });

  it('has the preferred teams of the latest request first, although teams of an earlier request still wait', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(5));
    queue.enqueueAll((teamId) => teamId === 't4');
    expect(queue.dequeue(2)).toEqual(['t4', 't0']);
    for (const teamId of ['t4', 't0']) queue.read(teamId);
    queue.enqueueAll((teamId) => teamId === 't4');
    expect(drain(queue)).toEqual(['t4', 't1', 't2', 't3', 't0']);
  });

  it('skips teams in the round after a request for all, unless some could not be read', () => {
    const queue = new RulesQueue(rounds);
    queue.round(teams(10));
    queue.enqueueAll(() => false);
    expect(drain(queue)).toHaveLength(10);
    queue.round(teams(10));
    expect(drain(queue)).toEqual([]);
    queue.round(teams(10));
    expect(drain(queue)).toEqual(['t0']);
    queue.enqueueAll(() => false);
    drain(queue, new Set(['t5']));
    queue.round(teams(10));
    expect(drain(queue)).toEqual(['t1']);
  });
});
