import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { FakeClock } from '@pagebridge/testing';
import fc from 'fast-check';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed, type Setup } from '../fakes.fixtures.ts';
import type { Job } from './job.ts';
import { aJob, aLane } from './jobs.fixtures.ts';

const slow = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';
const healthy = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';

const running = async (setup: Setup, ...pages: Partial<PageCommand>[]) => {
  const process = aProcess(setup);
  process.connect({ connectionId: slow });
  process.connect({ connectionId: healthy });
  process.own();
  const commands = pages.map((its, n) => received(aPage({ alertKey: `alert-${n}`, ...its })));
  await process.delivery.handle(0, commands);
  for (let turn = 0; turn < 5; turn += 1) await process.clock.advance(0);
  const over = (connectionId: string) => process.destination.calls.filter((call) => call.connectionId === connectionId);
  return { ...process, over };
};
const copies = (count: number, its: Partial<PageCommand> = {}) => Array.from({ length: count }, () => its);

describe('a lane', () => {
  it('makes a bounded number of parallel calls, and the next one when one is answered', async () => {
    const process = await running({ concurrency: 2 }, ...copies(5));
    expect(process.destination.calls).toHaveLength(2);

    await process.destination.calls[0]?.answer(created());
    expect(process.destination.calls).toHaveLength(3);
  });

  it('makes the next call while the answer to the last is still being written', async () => {
    const process = await running({ concurrency: 1 }, ...copies(2));
    // The write that announces the second call is acknowledged; it also has the first answer.
    const release = process.log.hold(1);
    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(0);

    expect(process.destination.calls).toHaveLength(2);
    release();
  });

  it('makes urgent calls first', async () => {
    const process = await running({ concurrency: 1 }, {}, { urgency: 'low' }, { urgency: 'high' });
    process.destination.always.set(slow, created());
    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(1000);

    expect(process.destination.calls.map(({ urgency }) => urgency)).toEqual(['high', 'high', 'low']);
  });

  it('calls for the next page to another team at once, however many pages of one team fail', async () => {
    const process = await running({ concurrency: 4 });
    process.destination.always.set(slow, failed());
    const dead = Array.from({ length: 2000 }, (_, n) => received(aPage({ alertKey: `dead-${n}`, teamId: 'dead' })));
    await process.delivery.handle(0, dead);
    await process.clock.advance(100);
    const before = process.destination.calls.length;
    await process.delivery.handle(0, [received(aPage({ alertKey: 'calm', teamId: 'healthy' }))]);
    await process.clock.advance(20);

    const after = process.destination.calls.slice(before).map(({ teamId }) => teamId);
    expect(after.slice(0, 2)).toContain('healthy');
  });

  it('makes at most a hundred first calls a second while they fail, and each of them', async () => {
    const process = await running({ concurrency: 64 });
    process.destination.always.set(slow, failed());
    const pages = Array.from({ length: 500 }, (_, n) =>
      received(aPage({ alertKey: `dead-${n}`, teamId: `team-${n}` })),
    );
    await process.delivery.handle(0, pages);
    await process.clock.advance(1000);
    // Those that were in flight when the step was found to fail, and some repeated calls, come on top.
    expect(process.destination.calls.length).toBeLessThan(64 + 100 + 10);
    await process.clock.advance(5000);
    expect(new Set(process.destination.calls.map(({ pageId }) => pageId)).size).toBe(500);
  });

  it('that hangs delays no other lane', async () => {
    const process = await running({ concurrency: 1 }, ...copies(20), ...copies(3, { connectionId: healthy }));
    process.destination.always.set(healthy, created());
    await process.over(healthy)[0]?.answer(created());
    await process.clock.advance(0);

    expect(process.over(slow)).toHaveLength(1);
    expect(process.over(healthy)).toHaveLength(3);
  });

  it('pauses for as long as the destination requests', async () => {
    const process = await running({ concurrency: 1 }, ...copies(3));
    await process.destination.calls[0]?.answer(failed({ cause: 'rate-limited', retryAfterMs: 30_000 }));
    await process.clock.advance(29_999);
    expect(process.destination.calls).toHaveLength(1);

    await process.clock.advance(1);
    expect(process.destination.calls).toHaveLength(2);
  });

  it.each([
    ['by the destination', failed({ cause: 'rate-limited', retryAfterMs: 30_000 })],
    ['by failures', failed()],
    ['by its credential', failed({ cause: 'credential' })],
  ])('that was closed %s opens when it is time, though the clock was set back meanwhile', async (_, trouble) => {
    const process = await running({ concurrency: 5 }, ...copies(8));
    process.destination.always.set(slow, trouble);
    for (const call of process.destination.calls.slice()) await call.answer(trouble);
    const closed = process.destination.calls.length;
    process.clock.setBack(24 * 60 * 60_000);
    await process.clock.advance(30_000);

    expect(process.destination.calls.length).toBeGreaterThan(closed);
  });

  it('pauses without being asked once the rate limit is used up', async () => {
    const process = await running({ concurrency: 1 }, ...copies(2));
    const rateLimit = { limit: 10, remaining: 0, periodMs: 10_000, resetMs: 5000 };
    await process.destination.calls[0]?.answer({ ...created(), rateLimit });
    await process.clock.advance(4999);
    expect(process.destination.calls).toHaveLength(1);

    await process.clock.advance(1);
    expect(process.destination.calls).toHaveLength(2);
  });

  it('calls for each page, repeats calls of a failing destination one at a time, and in parallel after the first success', async () => {
    const process = await running({ concurrency: 4 }, ...copies(30));
    process.destination.always.set(slow, failed());
    for (const call of process.destination.calls.slice()) await call.answer(failed());
    await process.clock.advance(500);
    expect(process.destination.calls).toHaveLength(30);
    await process.clock.advance(60_000);
    expect(process.destination.calls.length - 30).toBeGreaterThan(50);
    expect(process.destination.calls.length - 30).toBeLessThanOrEqual(61);

    process.destination.always.set(slow, created());
    await process.clock.advance(120_000);
    expect([...process.log.read(0).values()].every(({ pages }) => pages[0]?.status === 'delivered')).toBe(true);
  });
});

describe('a page that was not called for yet', () => {
  it('is called for at once, although the pages of another team over its connection keep failing', async () => {
    const process = await running({ concurrency: 4 }, ...copies(5, { teamId: 'poison' }));
    for (let n = 0; n < 20; n += 1) {
      for (const { teamId, answer } of process.destination.calls.slice())
        await answer(teamId === 'poison' ? failed({ detail: 'answered 500' }) : created());
      await process.clock.advance(10_000);
    }
    expect(process.lanes.conditions()).toMatchObject({ broken: 1 });
    await process.delivery.handle(0, [received(aPage({ connectionId: slow, alertKey: 'well', teamId: 'well' }))]);
    await process.clock.advance(0);

    expect(process.destination.calls.at(-1)).toMatchObject({ teamId: 'well' });
  });
});

describe('a lane while no call is permitted', () => {
  it('retries with a few of its pages, however many wait, and sends all once calls are permitted', async () => {
    const process = await running({ concurrency: 2 }, ...copies(50));
    process.destination.always.set(slow, created());
    process.lease.held = false;
    for (const call of process.destination.calls.slice()) await call.answer(created());
    await process.clock.advance(10_000);
    expect(process.destination.calls).toHaveLength(2);
    expect(process.lanes.depth()).toMatchObject({ ready: 48, delayed: 0, running: 0 });

    process.lease.held = true;
    await process.clock.advance(250);
    expect(process.destination.calls).toHaveLength(50);
  });
});

describe('a lane whose connection is disabled', () => {
  it('gives its pages up, and calls for none of them', async () => {
    const process = await running({ concurrency: 2 }, ...copies(50));
    process.connect({ connectionId: slow, enabled: false, version: 2 });
    for (const call of process.destination.calls.slice()) await call.answer(created());
    await process.clock.advance(0);
    expect(process.destination.calls).toHaveLength(2);
    expect(process.log.published.filter(({ reason }) => reason === 'connection-disabled')).toHaveLength(48);
  });
});

describe('a lane that is closed', () => {
  it.each([
    ['by failures', failed()],
    ['by its credential', failed({ cause: 'credential' })],
    ['by a rate limit', { ...created(), rateLimit: { limit: 20, remaining: 0, periodMs: 1000, resetMs: 1000 } }],
  ])('%s opens, also if the clock moves between two readings and timers run early', async (_, trouble) => {
    for (let earlyMs = 0; earlyMs < 20; earlyMs += 1) {
      const clock = new FakeClock(new Date('2026-01-31T12:00:00.000Z'), { tickMs: 1, earlyMs });
      const process = await running({ clock, concurrency: 1 }, ...copies(8));
      process.destination.always.set(slow, trouble);
      for (const call of process.destination.calls.slice()) await call.answer(trouble);
      await process.clock.advance(30_000);
      process.destination.always.set(slow, created());
      await process.clock.advance(180_000);

      const statuses = [...process.log.read(0).values()].map(({ pages }) => pages[0]?.status);
      expect([earlyMs, ...new Set(statuses)]).toEqual([earlyMs, 'delivered']);
    }
  });
});

const recoveryOf = (alertKey: string) => {
  const its = { alertKey, sourceOrg: 'acme-us', alertEventId: 'r', occurredAt: '2026-01-31T12:00:00Z' };
  return received({ kind: 'resolve', ...its });
};

describe('a credential whose fault a former owner of its pages may have reported', () => {
  it('is reported as working once both steps were served, and not again', async () => {
    const process = await running({}, {}, {});
    for (const call of process.destination.calls.slice()) await call.answer(created('d-1'));
    await process.clock.advance(0);
    expect(process.reports).toEqual([]);

    process.destination.always.set(slow, { kind: 'resolved' });
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired']);
    await process.delivery.handle(0, [recoveryOf('alert-1')]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired']);
  });

  it('is reported as working however long its page was open between', async () => {
    const process = await running({}, {});
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.clock.advance(2 * 60 * 60_000);
    process.destination.always.set(slow, { kind: 'resolved' });
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);

    expect(process.reports).toEqual(['repaired']);
  });

  it('is not reported as working if it has lost a permission since the step was served', async () => {
    const process = await running({}, {});
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.clock.advance(2 * 60 * 60_000);
    process.destination.diagnosis = { kind: 'accepted', missing: { create: 'on_call_page' } };
    process.destination.always.set(slow, { kind: 'resolved' });
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);

    expect(process.reports).toEqual([]);
  });

  it('is not reported as working while no diagnosis shows it, and is at the next proof', async () => {
    const process = await running({}, {}, {});
    process.destination.diagnosis = { kind: 'unknown' };
    for (const call of process.destination.calls.slice()) await call.answer(created('d-1'));
    process.destination.always.set(slow, { kind: 'resolved' });
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);
    expect(process.reports).toEqual([]);

    process.destination.diagnosis = { kind: 'accepted', missing: {} };
    await process.clock.advance(20_000);
    await process.delivery.handle(0, [recoveryOf('alert-1')]);
    await process.clock.advance(0);
    process.destination.always.set(slow, created('d-2'));
    await process.delivery.handle(0, [received(aPage({ connectionId: slow, alertKey: 'next' }))]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired']);
  });

  it('is reported as working once more after pages were taken over', async () => {
    const process = await running({}, {}, {});
    process.destination.always.set(slow, { kind: 'resolved' });
    for (const call of process.destination.calls.slice()) await call.answer(created('d-1'));
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired']);

    process.own(1, 2);
    process.destination.always.set(slow, created('d-3'));
    await process.delivery.handle(0, [received(aPage({ alertKey: 'alert-2' }))]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired']);
    process.destination.always.set(slow, { kind: 'resolved' });
    await process.delivery.handle(0, [recoveryOf('alert-2')]);
    await process.clock.advance(0);
    expect(process.reports).toEqual(['repaired', 'repaired']);
  });
});

describe('a refused credential', () => {
  const refusal = failed({ cause: 'credential', detail: '401 Unauthorized' });
  const refused = async () => {
    const process = await running({ concurrency: 4 }, ...copies(10));
    process.destination.diagnosis = { kind: 'accepted', missing: { create: 'on_call_page' } };
    process.destination.always.set(slow, refusal);
    for (const call of process.destination.calls.slice()) await call.answer(refusal);
    await process.clock.advance(0);
    return process;
  };

  it('makes the pages wait and is reported once, with the missing permission', async () => {
    const process = await refused();
    await process.clock.advance(999);

    expect(process.destination.calls).toHaveLength(10);
    expect(process.reports).toHaveLength(1);
    expect(process.reports[0]).toContain('credential-fault on_call_page 401 Unauthorized');
  });

  it('makes its connection count as refused for as long as a page waits for it', async () => {
    const process = await running({}, {});
    process.destination.always.set(slow, refusal);
    await process.destination.calls[0]?.answer(refusal);
    await process.clock.advance(60 * 60_000);
    expect(process.lanes.refused()).toEqual([slow]);

    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    expect([process.lanes.conditions(), process.lanes.refused()]).toEqual([{ open: 1, broken: 0 }, []]);
  });

  it('is called again with one page at a time, and for each page as often as its backoff says', async () => {
    const process = await refused();
    await process.clock.advance(5000);
    expect(process.destination.calls.length).toBeLessThanOrEqual(10 + 5);

    await process.clock.advance(10 * 60_000);
    expect(process.destination.calls.length).toBeLessThan(10 * 17);
    expect(process.reports).toHaveLength(1);
  });

  it('that is repaired in the destination releases all pages, and is reported', async () => {
    const process = await refused();
    process.destination.always.set(slow, created());
    await process.clock.advance(6000);

    expect([...process.log.read(0).values()].every(({ pages }) => pages[0]?.status === 'delivered')).toBe(true);
    expect(process.reports.at(-1)).toBe('repaired');
  });

  it('that is rotated releases all pages at once', async () => {
    const process = await refused();
    process.destination.always.set(slow, created());
    const { credential } = process.connect({ connectionId: slow, version: 2 });
    process.connect({ connectionId: slow, version: 3, credential: { ...credential, revision: 9 } });
    await process.clock.advance(10);

    expect(process.destination.calls.filter(({ tagged }) => tagged)).toEqual([]);
    expect([...process.log.read(0).values()].every(({ pages }) => pages[0]?.status === 'delivered')).toBe(true);
  });

  it('for one step leaves the other step open', async () => {
    const process = await running({ concurrency: 1 }, {}, {});
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.destination.calls[1]?.answer(created('d-2'));
    await process.delivery.handle(0, [recoveryOf('alert-0')]);
    await process.clock.advance(0);
    await process.destination.calls[2]?.answer(refusal);
    await process.delivery.handle(0, [received(aPage({ alertKey: 'alert-9' }))]);
    await process.clock.advance(0);

    expect(process.destination.calls.map(({ kind }) => kind)).toEqual(['create', 'create', 'resolve', 'create']);
  });
});

it('thousands of pages whose text cannot be read are attempted once each, then a few at a time', async () => {
  const process = aProcess();
  process.texts.kept = () => undefined;
  process.texts.isReadable = false;
  process.connect({ connectionId: slow });
  process.own();
  process.destination.always.set(slow, created());
  const pages = Array.from({ length: 3000 }, (_, n) => received(aPage({ alertKey: `alert-${n}` })));
  await process.delivery.handle(0, pages);
  await process.clock.advance(1000);
  expect(process.texts.reads).toBe(3000);
  await process.clock.advance(60_000);
  expect(process.texts.reads).toBeLessThanOrEqual(3000 + 31 * 10);

  process.texts.isReadable = true;
  await process.clock.advance(5000);
  expect(process.destination.calls).toHaveLength(3000);
});

it('a page whose text is read when its partition is lost leaves no job behind', async () => {
  const process = aProcess();
  const { promise: isRead, resolve } = Promise.withResolvers<void>();
  process.texts.kept = () => undefined;
  process.texts.read = async () => {
    await isRead;
    return undefined;
  };
  process.connect({ connectionId: slow });
  process.own();
  await process.delivery.handle(0, [received(aPage())]);
  process.delivery.disown(0);
  resolve();
  await process.clock.advance(10_000);

  expect(process.lanes.depth()).toEqual({ ready: 0, delayed: 0, running: 0 });
});

it('the page that has waited longest is known, whatever arrives, is called and leaves, and no job is searched for it', () => {
  const steps = fc.array(
    fc.record({ since: fc.nat(50), does: fc.constantFrom('arrive', 'call', 'back', 'end', 'leave'), nth: fc.nat(9) }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(steps, (history) => {
      const lane = aLane();
      const [waiting, called]: [Job[], Job[]] = [[], []];
      let reads = 0;
      const counting = (since: number): Job =>
        Object.defineProperty(aJob('high/create'), 'since', {
          get: () => {
            reads += 1;
            return since;
          },
        });
      for (const { since, does, nth } of history) {
        if (does === 'arrive') {
          waiting.push(counting(since));
          lane.put(waiting.at(-1) as Job, 0);
        } else if (does === 'call' && waiting.length > 0) {
          const job = lane.dequeue('high/create', 0);
          called.push(...waiting.splice(waiting.indexOf(job), 1));
        } else if (does === 'leave') {
          for (const job of waiting.splice(nth, 1)) lane.remove(job);
        } else {
          for (const job of called.splice(nth, 1)) {
            lane.release(job);
            if (does === 'end') lane.settle(job);
            else {
              waiting.push(job);
              lane.put(job, 0);
            }
          }
        }
        const least = [...waiting, ...called].reduce((min, job) => Math.min(min, job.since), Number.POSITIVE_INFINITY);
        reads = 0;
        const oldest = lane.oldest('create');
        expect(reads).toBe(0);
        expect(oldest?.since ?? Number.POSITIVE_INFINITY).toBe(least);
        expect([lane.isIdle, lane.oldest('resolve')]).toEqual([waiting.length + called.length === 0, undefined]);
      }
    }),
  );
});
