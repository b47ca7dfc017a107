import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Job } from './job.ts';
import { aJob, aLane } from './jobs.fixtures.ts';

const ms = fc.integer({ min: -10_000, max: 20_000 });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), deadline: ms, readyAt: ms }),
    fc.record({ kind: fc.constantFrom('remove' as const, 'call' as const), nth: fc.nat(9) }),
    /** Time passes, and the overdue jobs get a deadline this much later; undefined: they are done. */
    fc.record({
      kind: fc.constant('take' as const),
      by: fc.nat(20_000),
      again: fc.option(fc.integer({ min: 1, max: 9999 }), { nil: undefined }),
    }),
  ),
  { maxLength: 60 },
);

it('jobs are overdue once, when their deadline has passed, and ready when their time has come, whatever happens meanwhile', () => {
  fc.assert(
    fc.property(steps, (history) => {
      let now = 0;
      const lane = aLane();
      const waiting = new Set<Job>();
      for (const step of history) {
        if (step.kind === 'put') {
          const job = aJob('low/create', { deadline: now + step.deadline, readyAt: now + step.readyAt });
          waiting.add(job);
          lane.put(job, now);
        } else if (step.kind === 'take') {
          now += step.by;
          lane.wake(now);
          const overdue = [...waiting].filter(({ deadline }) => deadline <= now);
          const taken: Job[] = [];
          for (let job = lane.overdue.first(); job; job = lane.overdue.first()) {
            lane.overdue.delete(job);
            taken.push(job);
          }
          expect(new Set(taken)).toEqual(new Set(overdue));
          expect(taken).toHaveLength(overdue.length);
          for (const job of taken) {
            if (step.again === undefined) {
              waiting.delete(job);
              lane.remove(job);
            } else {
              job.deadline = now + step.again;
              lane.put(job, now);
            }
          }
          expect(lane.ready).toBe([...waiting].filter(({ readyAt }) => readyAt <= now).length);
        } else if (step.kind === 'remove') {
          const job = [...waiting][step.nth];
          if (!job) continue;
          waiting.delete(job);
          lane.end(job.key, job.pageId);
        } else if (lane.offers('low/create', now)) {
          const job = lane.dequeue('low/create', now);
          expect(waiting.delete(job)).toBe(true);
          lane.release(job);
        }
        expect(lane.size).toBe(waiting.size);
      }
    }),
    { numRuns: 300 },
  );
});

it('an overdue job may be called: whoever fails over waits for nobody else who is overdue', () => {
  const lane = aLane();
  const job = aJob('high/create', { deadline: 0 });
  lane.put(job, 0);
  expect([lane.overdue.size, lane.offers('high/create', 0)]).toEqual([1, true]);
  expect(lane.dequeue('high/create', 0)).toBe(job);
  expect(lane.overdue.size).toBe(0);
});

it('two pages with one id, of two alerts, both have a job', () => {
  const lane = aLane();
  const [one, other] = [
    aJob('low/create', { key: 'acme/1', pageId: 'p' }),
    aJob('low/create', { key: 'acme/2', pageId: 'p' }),
  ];
  for (const job of [one, other]) lane.put(job, 0);
  expect(lane.size).toBe(2);
  lane.end('acme/1', 'p');
  lane.end('acme/1', 'p');
  expect(lane.ready).toBe(1);
  lane.end('acme/2', 'p');
  expect([lane.size, lane.ready]).toEqual([0, 0]);
});
