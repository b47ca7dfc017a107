import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import type { RateLimit } from '@pagebridge/destination';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, type FakeDestinationClient, failed, type Setup } from '../fakes.fixtures.ts';

const storm = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';
const storm2 = '0b3dd3b5-9f0f-4a57-a4a5-6d6ee0f5b8a1';
const calm = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';

/** Two source orgs with connections to one destination org, which answers every call after 100 ms. */
const sharing = (setup: Setup = {}, limit?: (call: number) => RateLimit | undefined) => {
  const process = aProcess({ destinationConcurrency: 4, ...setup });
  process.connect({ connectionId: storm, sourceOrg: 'stormy' });
  process.connect({ connectionId: storm2, sourceOrg: 'stormy' });
  process.connect({ connectionId: calm, sourceOrg: 'calm' });
  process.own();
  const { calls } = process.destination;
  const push = calls.push.bind(calls);
  calls.push = (...made) => {
    const rateLimit = limit?.(calls.length);
    for (const call of made) {
      process.clock.after(100, () => void call.answer({ ...created(), ...(rateLimit ? { rateLimit } : {}) }));
    }
    return push(...made);
  };
  const take = async (connectionId: string, count: number, its: Partial<PageCommand> = {}) => {
    const sourceOrg = connectionId === calm ? 'calm' : 'stormy';
    const pages = Array.from({ length: count }, (_, n) =>
      received(aPage({ sourceOrg, connectionId, alertKey: `${connectionId}-${its.urgency ?? 'high'}-${n}`, ...its })),
    );
    await process.delivery.handle(0, pages);
  };
  return { ...process, take };
};

/** Returns the positions of the calls over a connection among all calls. */
const placesOf = ({ calls }: FakeDestinationClient, connectionId: string): number[] =>
  calls.flatMap((call, place) => (call.connectionId === connectionId ? [place] : []));

describe('source orgs that share a destination', () => {
  it('take turns, however many pages and connections one of them has', async () => {
    const process = sharing();
    await process.take(storm, 100);
    await process.take(storm2, 100);
    await process.clock.advance(1000);
    const before = process.destination.calls.length;
    await process.take(calm, 5);
    await process.clock.advance(10_000);

    const places = placesOf(process.destination, calm).map((place) => place - before);
    expect(places).toHaveLength(5);
    expect(Math.max(...places)).toBeLessThanOrEqual(2 * 5);
    expect(process.destination.calls).toHaveLength(205);
  });

  it('never have more calls in flight than the destination permits', async () => {
    const process = sharing({ destinationConcurrency: 3 });
    await process.take(storm, 20);
    await process.take(calm, 20);
    await process.clock.advance(99);

    expect(process.destination.calls).toHaveLength(3);
  });

  it('share its rate limit: a storm of one does not use the limit up before the page of another', async () => {
    const period = { limit: 10, periodMs: 60_000 };
    const process = sharing({}, (call) => ({
      ...period,
      remaining: Math.max(0, 9 - (call % 10)),
      resetMs: 60_000 - (process.clock.now().getTime() % 60_000),
    }));
    await process.take(storm, 100);
    await process.clock.advance(5 * 60_000);
    const before = process.destination.calls.length;
    await process.take(calm, 2);
    await process.clock.advance(2 * 60_000);

    const places = placesOf(process.destination, calm).map((place) => place - before);
    expect(Math.max(...places)).toBeLessThanOrEqual(3);
    expect(before).toBeLessThan(70);
  });

  it('all wait when the destination requests a pause from one of them', async () => {
    const process = aProcess();
    process.connect({ connectionId: storm, sourceOrg: 'stormy' });
    process.connect({ connectionId: calm, sourceOrg: 'calm' });
    process.own();
    await process.delivery.handle(0, [received(aPage({ sourceOrg: 'stormy', connectionId: storm }))]);
    await process.clock.advance(0);
    await process.destination.calls[0]?.answer(failed({ cause: 'rate-limited', retryAfterMs: 30_000 }));
    await process.delivery.handle(0, [received(aPage({ sourceOrg: 'calm', connectionId: calm }))]);
    await process.clock.advance(29_999);
    expect(process.destination.calls).toHaveLength(1);

    await process.clock.advance(1);
    expect(process.destination.calls[1]?.connectionId).toBe(calm);
  });

  it('have a health of their own: the failed calls of one do not close the destination to another', async () => {
    const process = aProcess();
    process.connect({ connectionId: storm, sourceOrg: 'stormy' });
    process.connect({ connectionId: calm, sourceOrg: 'calm' });
    process.own();
    process.destination.always.set(storm, failed());
    process.destination.always.set(calm, created());
    const failing = Array.from({ length: 30 }, (_, n) =>
      received(aPage({ sourceOrg: 'stormy', connectionId: storm, alertKey: `a-${n}` })),
    );
    await process.delivery.handle(0, failing);
    await process.clock.advance(30_000);
    await process.delivery.handle(0, [received(aPage({ sourceOrg: 'calm', connectionId: calm }))]);
    await process.clock.advance(0);

    expect(process.destination.calls.at(-1)?.connectionId).toBe(calm);
  });

  it('are not delayed by the pages of a connection that is gone', async () => {
    const process = sharing({ destinationConcurrency: 1 });
    await process.take(storm, 50);
    process.connections.apply(storm, null);
    process.lanes.renew(storm);
    await process.take(calm, 20);
    const before = process.destination.calls.length;
    await process.clock.advance(20 * 100);

    expect(placesOf(process.destination, storm)).toHaveLength(before);
    expect(placesOf(process.destination, calm)).toHaveLength(20);
  });

  it('do not affect another destination', async () => {
    const process = sharing();
    const elsewhere = '8a7e6f52-7f0b-4b3e-9f47-6c6e9c0f2a77';
    process.connect({ connectionId: elsewhere, sourceOrg: 'stormy', dataCenter: 'US1' });
    await process.take(storm, 100);
    await process.take(elsewhere, 4);
    await process.clock.advance(50);

    expect(placesOf(process.destination, elsewhere)).toHaveLength(4);
  });
});

describe('urgent pages', () => {
  it('go first, of whichever source org they are', async () => {
    const process = sharing();
    await process.take(storm, 100, { urgency: 'low' });
    await process.clock.advance(1000);
    const before = process.destination.calls.length;
    await process.take(calm, 8);
    await process.clock.advance(1000);

    const places = placesOf(process.destination, calm).map((place) => place - before);
    expect(Math.max(...places)).toBeLessThanOrEqual(8);
  });

  it('without end leave every tenth turn to the rest', async () => {
    const process = sharing();
    await process.take(storm, 200);
    await process.take(calm, 5, { urgency: 'low' });
    await process.clock.advance(10_000);

    const places = placesOf(process.destination, calm);
    expect(places).toHaveLength(5);
    expect(Math.max(...places)).toBeLessThanOrEqual(60);
  });
});
