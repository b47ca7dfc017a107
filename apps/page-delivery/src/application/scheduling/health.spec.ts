import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DestinationQueue } from './destination-queue.ts';
import { type Called, healthy, isDoubtful, isFailing, next } from './health.ts';
import type { Job } from './job.ts';
import { aJob, aLane } from './jobs.fixtures.ts';

const gapMs = 1000;
const failures = ['unhealthy', 'credential', 'forbidden'] as const;
const after = (...called: Called[]) => called.reduce((health, it) => next(health, it, false, 0, gapMs), healthy);

describe('the health of a step', () => {
  it('is bad after five failures in a row of any kind, and good after the first success', () => {
    expect(isFailing(after('unhealthy', 'credential', 'forbidden', 'unhealthy'))).toBe(false);
    expect(isFailing(after('unhealthy', 'credential', 'forbidden', 'unhealthy', 'forbidden'))).toBe(true);
    expect(after('unhealthy', 'credential', 'forbidden', 'unhealthy', 'forbidden', 'served')).toBe(healthy);
  });

  it('makes the credential doubtful after five pages in a row were refused, however often a page is refused again', () => {
    expect(isDoubtful(after(...Array<Called>(4).fill('forbidden')))).toBe(false);
    expect(isDoubtful(after(...Array<Called>(5).fill('forbidden')))).toBe(true);
    expect(
      isDoubtful(
        Array<Called>(20)
          .fill('forbidden')
          .reduce((it, called) => next(it, called, true, 0, gapMs), healthy),
      ),
    ).toBe(false);
  });

  const history = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('put' as const), isTried: fc.boolean() }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.oneof(fc.nat(20), fc.nat(1500)) }),
      fc.record({
        do: fc.constant('answer' as const),
        called: fc.constantFrom<Called>('served', ...failures, ...failures),
      }),
    ),
    { maxLength: 80 },
  );

  it('delays first calls by a gap of 10 ms alone, and lets calls be repeated one at a time, with a gap, while it is bad', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const queue = new DestinationQueue(1000);
        const lane = aLane('acme', { queue });
        const running: Job[] = [];
        let [now, failed, repeatedAt, firstCalls, lastFirstAt] = [
          0,
          0,
          Number.NEGATIVE_INFINITY,
          0,
          Number.NEGATIVE_INFINITY,
        ];
        for (const step of steps) {
          if (step.do === 'wait') now += step.ms;
          if (step.do === 'put') {
            lane.put(aJob('high/create', { isTried: step.isTried }), now);
            firstCalls += step.isTried ? 0 : 1;
          }
          const ended = step.do === 'answer' ? running.shift() : undefined;
          if (ended && step.do === 'answer') {
            lane.release(ended);
            lane.learn(ended, step.called, now);
            queue.end('create', { kind: 'served' }, now);
            failed = step.called === 'served' ? 0 : failed + 1;
            if (failed === 0) repeatedAt = Number.NEGATIVE_INFINITY;
            else if (ended.isTried) repeatedAt = now;
          }
          queue.register(lane, now);
          for (let job = queue.next(now); job; job = queue.next(now)) {
            if (failed >= 5 && job.isTried) {
              expect(running.some(({ isTried }) => isTried)).toBe(false);
              expect(now - repeatedAt).toBeGreaterThanOrEqual(gapMs);
            }
            if (!job.isTried) {
              if (failed >= 5) expect(now - lastFirstAt).toBeGreaterThanOrEqual(10);
              firstCalls -= 1;
              lastFirstAt = now;
            }
            running.push(job);
          }
          if (failed < 5 || now - lastFirstAt >= 10) expect(firstCalls).toBe(0);
          else if (firstCalls > 0) expect(lane.wakesAt(now)).toBeLessThanOrEqual(lastFirstAt + 10);
          if (failed < 5) expect(lane.ready).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
