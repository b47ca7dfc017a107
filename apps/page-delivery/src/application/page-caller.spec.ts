import { describe, expect, it, jest } from '@jest/globals';
import { aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from './fakes.fixtures.ts';
import type { Job } from './scheduling/job.ts';
import { Lane } from './scheduling/lane.ts';

const hour = 60 * 60_000;
const acme = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';
const other = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';

/** Two source orgs that page the same destination org. */
const running = () => {
  const process = aProcess();
  process.connect({ connectionId: acme, sourceOrg: 'acme-us' });
  process.connect({ connectionId: other, sourceOrg: 'other-us' });
  process.own();
  const page = async (connectionId: string, sourceOrg: string) => {
    await process.delivery.handle(0, [received(aPage({ connectionId, sourceOrg }))]);
    await process.clock.advance(0);
  };
  return { ...process, page, called: () => process.destination.calls.map(({ connectionId }) => connectionId) };
};

describe('a server error that asks for an hour, as an edge may answer,', () => {
  it('delays no page of another source org', async () => {
    const { page, destination, called } = running();
    await page(acme, 'acme-us');
    await destination.calls[0]?.answer(failed({ retryAfterMs: hour }));
    await page(other, 'other-us');

    expect(called()).toEqual([acme, other]);
  });

  it('delays its own page until the longest retry, and not before', async () => {
    const { page, destination, clock, called } = running();
    await page(acme, 'acme-us');
    await destination.calls[0]?.answer(failed({ retryAfterMs: hour }));
    await clock.advance(59_999);
    expect(called()).toEqual([acme]);

    await clock.advance(1);
    expect(called()).toEqual([acme, acme]);
  });
});

it('a page whose call was rate limited waits for as long as the destination asks', async () => {
  const { page, destination, clock, called } = running();
  await page(acme, 'acme-us');
  await destination.calls[0]?.answer(failed({ cause: 'rate-limited', retryAfterMs: hour }));
  await clock.advance(hour - 1);
  expect(called()).toEqual([acme]);

  await clock.advance(2000);
  expect(called()).toEqual([acme, acme]);
});

it('a page whose answer could not be recorded is attempted again, as a possible duplicate', async () => {
  const { page, destination, clock } = running();
  await page(acme, 'acme-us');
  await destination.calls[0]?.answer({ kind: 'refused', detail: undefined as unknown as string });
  await clock.advance(60_000);

  expect(destination.calls.map(({ tagged }) => tagged)).toEqual([false, true]);
});

it('a page that its destination does not know counts as resolved only a minute after it was delivered', async () => {
  const { page, delivery, destination, clock } = running();
  await page(acme, 'acme-us');
  await destination.calls[0]?.answer(created());
  await delivery.handle(0, [received(aResolve())]);
  await clock.advance(1000);
  await destination.calls[1]?.answer(failed({ retryAfterMs: 60_000 }));
  await clock.advance(60_000);

  expect(destination.mayBeGone).toEqual([false, true]);
});

it('a page is created once, even if two calls for it start while its text is read', async () => {
  const process = aProcess();
  const { promise: isRead, resolve } = Promise.withResolvers<void>();
  const read = process.texts.read.bind(process.texts);
  process.texts.kept = () => undefined;
  process.texts.read = async (...of) => {
    await isRead;
    return read(...of);
  };
  process.connect();
  process.own();
  const dequeue = jest.spyOn(Lane.prototype, 'dequeue');
  await process.delivery.handle(0, [received(aPage())]);
  const [job] = dequeue.mock.results.map(({ value }) => value as Job);
  dequeue.mockRestore();
  if (!job) throw new Error('no call has started');
  const second = process.caller.attempt(job);
  resolve();
  await process.clock.advance(1);

  expect(process.destination.calls).toHaveLength(1);
  expect(await second).toMatchObject({ feedback: { kind: 'not-called' } });
});
