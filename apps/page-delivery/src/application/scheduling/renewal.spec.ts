import { describe, expect, it } from '@jest/globals';
import { aConnection, settled } from '@pagebridge/testing';
import fc from 'fast-check';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from '../fakes.fixtures.ts';
import type { Job } from './job.ts';
import { aJob, aLane } from './jobs.fixtures.ts';

const [many, calm] = ['6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10'];
const withKeys = (revision: number) => ({ credential: { ...aConnection().credential, revision } });
const aConnectionWith = (revision: number, enabled: boolean) => aConnection({ ...withKeys(revision), enabled });

describe('a lane whose connection changes', () => {
  const filled = (jobs: number) => {
    const lane = aLane();
    for (let n = 0; n < jobs; n += 1) lane.put(aJob('high/create', { isTried: true, readyAt: 60_000 }), 0);
    return lane;
  };

  it('makes a thousand jobs at a time ready after a rotation, until all are', () => {
    const lane = filled(2500);
    lane.renew(aConnectionWith(2, true), undefined, 1);
    const ready = [lane.ready];
    for (; lane.isRenewing; ready.push(lane.ready)) lane.renewNext(1);
    expect(ready).toEqual([1000, 2000, 2500]);
  });

  it('makes a thousand jobs at a time overdue when it is disabled, until all are', () => {
    const lane = filled(2500);
    lane.renew(aConnectionWith(1, false), undefined, 1);
    const overdue = [lane.overdue.size];
    for (; lane.isRenewing; overdue.push(lane.overdue.size)) lane.renewNext(1);
    expect(overdue).toEqual([1000, 2000, 2500]);
  });

  it('loses no job, hands out none twice, and tells each of the last changes, whatever happens between two parts', () => {
    const steps = fc.array(fc.constantFrom('rotate', 'disable', 'enable', 'part', 'call', 'back', 'leave', 'arrive'), {
      minLength: 5,
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (history) => {
        const lane = aLane();
        const waiting = new Set<Job>();
        const called: Job[] = [];
        let [revision, enabled, now] = [1, true, 0];
        let [mustBeReady, mustBeOverdue] = [new Set<Job>(), new Set<Job>()];
        const put = (job: Job, readyAt: number) => {
          Object.assign(job, { readyAt, deadline: 1e6 });
          for (const jobs of [mustBeReady, mustBeOverdue]) jobs.delete(job);
          waiting.add(job);
          lane.put(job, now);
        };
        const renew = () => lane.renew(aConnectionWith(revision, enabled), undefined, now);
        for (let n = 0; n < 1500; n += 1) put(aJob('high/create', { isTried: true }), n % 3 === 0 ? 0 : 1e5);
        for (const does of history) {
          now += 1;
          if (does === 'rotate') {
            revision += 1;
            mustBeReady = new Set(waiting);
          } else if (does === 'disable') {
            enabled = false;
            mustBeOverdue = new Set(waiting);
          } else if (does === 'enable') {
            enabled = true;
            mustBeOverdue = new Set();
          }
          if (does === 'rotate' || does === 'disable' || does === 'enable') renew();
          else if (does === 'part') lane.renewNext(now);
          else if (does === 'arrive') put(aJob('high/create', { isTried: true }), 1e5);
          else if (does === 'leave') {
            for (const job of [...waiting].slice(-50)) {
              waiting.delete(job);
              lane.end(job.key, job.pageId);
            }
          } else if (does === 'back') {
            for (const job of called.splice(0, 3)) {
              lane.release(job);
              put(job, 1e5);
            }
          } else if (lane.offers('high/create', now)) {
            const job = lane.dequeue('high/create', now);
            expect(waiting.delete(job)).toBe(true);
            called.push(job);
          }
          expect(lane.size).toBe(waiting.size);
        }
        while (lane.isRenewing) lane.renewNext(now);
        const still = (jobs: Set<Job>) => [...jobs].filter((job) => waiting.has(job));
        expect(still(mustBeReady).filter(({ readyAt }) => readyAt > now).length).toBe(0);
        expect(still(mustBeOverdue).filter(({ deadline }) => deadline > now).length).toBe(0);
        expect(lane.overdue.size).toBeGreaterThanOrEqual(still(mustBeOverdue).length);
      }),
      { numRuns: 20 },
    );
  });
});

const backlog = async (pages: number, its: object = {}) => {
  const process = aProcess({ concurrency: 4 });
  process.connect({ connectionId: many, destinationOrg: { id: 'a', name: 'a' } });
  process.connect({ connectionId: calm, destinationOrg: { id: 'b', name: 'b' } });
  process.own();
  const commands = Array.from({ length: pages }, (_, n) =>
    received(aPage({ connectionId: many, alertKey: `alert-${n}`, teamId: `team-${n % 7}`, ...its })),
  );
  await process.delivery.handle(0, commands);
  await process.clock.advance(0);
  return process;
};

describe('a change of a connection with thousands of waiting pages', () => {
  it('lets the page of another connection be called before all of them are told, and calls for each of them once', async () => {
    const process = await backlog(2500);
    process.destination.always.set(many, failed({ cause: 'rate-limited', retryAfterMs: 3_600_000 }));
    for (const call of process.destination.calls.slice()) await call.answer(failed());
    process.destination.always.set(many, created());
    const before = process.destination.calls.length;
    process.connect({ connectionId: many, destinationOrg: { id: 'c', name: 'c' }, version: 2, ...withKeys(2) });
    const lane = process.lanes.of(many as string);
    expect(lane.isRenewing).toBe(true);
    await process.delivery.handle(0, [received(aPage({ connectionId: calm, alertKey: 'calm' }))]);
    await settled();
    expect([lane.isRenewing, process.destination.calls.some(({ connectionId }) => connectionId === calm)]).toEqual([
      true,
      true,
    ]);

    await process.clock.advance(60_000);
    const calls = process.destination.calls.slice(before).filter(({ connectionId }) => connectionId === many);
    expect([calls.length, new Set(calls.map(({ pageId }) => pageId)).size]).toEqual([2500, 2500]);
  });

  it.each([
    [
      'their connection is disabled',
      (process: Awaited<ReturnType<typeof backlog>>) => {
        process.connect({ connectionId: many, enabled: false, version: 2 });
      },
    ],
    [
      'the ledger is slow',
      async (process: Awaited<ReturnType<typeof backlog>>) => {
        process.log.hold();
        process.lease.owned = false;
        void process.delivery
          .handle(0, [received(aPage({ connectionId: calm, alertKey: 'calm' }))])
          .catch(() => undefined);
        await process.clock.advance(1500);
      },
    ],
  ])('attempts at most some hundred of them in one turn of the event loop if %s', async (_, change) => {
    const process = await backlog(1000);
    await change(process);
    const before = process.lanes.depth().ready;
    const calls = process.destination.calls.length;
    await process.destination.calls[0]?.answer(failed());
    const left = [process.lanes.depth().ready];
    expect(before - (left[0] ?? 0)).toBeLessThanOrEqual(110);
    for (let turn = 0; turn < 3; turn += 1) {
      await process.clock.advance(1);
      left.push(process.lanes.depth().ready);
    }
    expect(left.at(-1)).toBeLessThan(left[0] as number);
    expect(process.destination.calls).toHaveLength(calls);
  });
});
