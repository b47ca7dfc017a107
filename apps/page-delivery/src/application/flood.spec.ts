import { describe, expect, it } from '@jest/globals';
import { waitingOf } from '@pagebridge/page-lifecycle';
import { after, aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from './fakes.fixtures.ts';

const acme = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';
const other = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';

// Of the shortest key, so that the keys of a test make no difference.
const bytesOfPage = waitingOf(after(aPage({ alertKey: '' }))).bytes;

/** A process that owns all partitions, so that this many pages may wait in it. */
const running = (pages: number, partitions = 12) => {
  const process = aProcess({ waitingBytes: pages * bytesOfPage });
  process.connect({ connectionId: acme, sourceOrg: 'acme-us' });
  process.connect({ connectionId: other, sourceOrg: 'other-us' });
  for (let partition = 0; partition < partitions; partition += 1) process.own(partition);
  const take = (...pages: ReturnType<typeof aPage>[]) =>
    process.delivery.handle(
      0,
      pages.map((page) => received(page)),
    );
  return { ...process, take };
};

const ofAcme = (count: number, name = 'flood') =>
  Array.from({ length: count }, (_, n) => aPage({ alertKey: `${name}-${n}` }));
const ofOther = (alertKey: string) => aPage({ alertKey, connectionId: other, sourceOrg: 'other-us' });

describe('once as many pages wait as may', () => {
  it('the new pages of the org that holds most are refused at once, and those of others are taken', async () => {
    const process = running(10);
    expect(await process.take(...ofAcme(9), ofOther('first'))).toEqual([]);
    const surplus = aPage({ alertKey: 'surplus' });

    expect(await process.take(surplus, ofOther('second'))).toMatchObject([
      { refused: { reason: 'too-many-waiting' }, received: { command: surplus } },
    ]);
    await process.clock.advance(1);
    expect(process.log.outcomesOf(surplus.pageId)).toEqual(['undeliverable']);
  });

  it('no more than twice the memory is taken, however many orgs flood', async () => {
    const process = running(60);
    const orgs = Array.from({ length: 12 }, (_, n) => `org-${n}`);
    for (const sourceOrg of orgs) {
      const flood = Array.from({ length: 80 }, (_page, n) =>
        aPage({ alertKey: `${n}`, sourceOrg, connectionId: other }),
      );
      await process.take(...flood);
    }

    expect(process.ledger.waitingPages).toBeGreaterThan(60);
    expect(process.ledger.waitingPages).toBeLessThanOrEqual(120);
    expect(await process.take(aPage({ alertKey: 'calm', sourceOrg: 'calm', connectionId: other }))).toEqual([]);
  });

  it('pages whose text has letters above U+00FF count as much as they take', async () => {
    const process = running(20);
    const refused = await process.take(...ofAcme(20).map((page) => ({ ...page, title: 'Диск заполнен' })));
    expect(refused.length).toBeGreaterThan(5);
  });

  it('the recoveries of all orgs are taken, and make room for new pages', async () => {
    const process = running(10);
    await process.take(...ofAcme(10));
    await process.clock.advance(1);
    for (let n = 0; n < 4; n += 1) await process.destination.calls[n]?.answer(failed());
    const recovery = received(aResolve({ alertKey: 'flood-9' }));
    expect(await process.delivery.handle(0, [recovery])).toEqual([]);

    expect(await process.take(...ofAcme(1, 'next'))).toEqual([]);
  });

  it('a page that is refused, accepted when its batch is read again, and then given up has a dead letter', async () => {
    const process = running(1);
    await process.take(...ofAcme(1));
    process.log.muteNext(1000);
    const page = aPage({ alertKey: 'refused at first' });
    process.take(page).catch(() => undefined);
    await process.clock.advance(1);
    await process.destination.calls[0]?.answer(created());
    process.take(page).catch(() => undefined);
    await process.clock.advance(1);
    await process.destination.calls[1]?.answer({ kind: 'refused', detail: 'no such team' });
    process.log.muteNext(0);
    await process.clock.advance(60_000);

    expect(process.log.letters).toEqual([page.pageId]);
  });

  it('a page that is refused leaves no alert in the ledger', async () => {
    const process = running(1);
    await process.take(...ofAcme(1));
    expect(await process.take(...ofAcme(100, 'refused'))).toHaveLength(100);
    await process.clock.advance(1);

    expect([...process.log.read(0).keys()]).toEqual(['acme-us/flood-0']);
    expect(process.ledger.partition(0)?.alerts.size).toBe(1);
  });
});

it('an instance that owns half of the partitions takes half of the pages, so that one may take over all', async () => {
  const process = running(20, 6);
  expect(await process.take(...ofAcme(11))).toHaveLength(1);
});

it('an instance that still reads its other partitions takes as many pages as with all of them', async () => {
  const process = running(10, 1);
  for (let partition = 1; partition < 12; partition += 1) process.ledger.assign(partition);
  expect(await process.take(...ofAcme(10))).toEqual([]);

  process.ledger.unassign(11);
  expect(await process.take(...ofAcme(1, 'surplus'))).toHaveLength(1);
});

it('pages that wait for a dead destination delay no page of another org, no recovery and no first attempt', async () => {
  const process = running(100_000);
  process.destination.always.set(acme, failed());
  process.delivery.start();
  await process.take(...ofAcme(20_000));
  await process.clock.advance(60_000);
  const page = ofOther('calm');
  await process.take(page);
  await process.clock.advance(1);

  expect(process.destination.calls.at(-1)).toMatchObject({ connectionId: other, pageId: page.pageId });
  await process.destination.calls.at(-1)?.answer(created());
  await process.delivery.handle(0, [received(aResolve({ alertKey: 'calm', sourceOrg: 'other-us' }))]);
  await process.clock.advance(1);
  expect(process.destination.calls.at(-1)).toMatchObject({ kind: 'resolve', connectionId: other });
});

it('pages that are given up while outcomes cannot be published wait in the ledger, not in memory', async () => {
  const process = running(100_000);
  const connection = process.connect({ connectionId: acme, sourceOrg: 'acme-us', version: 1 });
  process.destination.always.set(acme, failed());
  process.delivery.start();
  await process.take(...ofAcme(6000));
  process.log.muteNext(1_000_000);
  process.connect({ ...connection, enabled: false, version: 2 });
  await process.clock.advance(10_000);
  const givenUp = [...process.log.read(0).values()].filter(({ pages }) =>
    pages.some((page) => page.status === 'undeliverable'),
  );
  expect(givenUp.length).toBeGreaterThan(0);
  expect(givenUp.length).toBeLessThan(3000);

  process.log.muteNext(0);
  await process.clock.advance(60_000);
  expect(process.log.published.filter(({ outcome }) => outcome === 'undeliverable')).toHaveLength(6000);
});
