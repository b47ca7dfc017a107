import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, type Setup } from '../fakes.fixtures.ts';
import type { ListedPage } from '../ports.ts';

const second = 1000;
const day = 24 * 60 * 60 * second;
const id = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';

/** A process with one page that the destination accepted as `d-1`, and reads back every 30 s. */
async function delivering(setup: Setup = {}, its: Parameters<ReturnType<typeof aProcess>['connect']>[0] = {}) {
  const process = aProcess(setup);
  process.connect(its);
  process.destination.always.set(id, created('d-1'));
  process.own();
  process.delivery.start();
  await process.clock.advance(second);
  const page = aPage();
  await process.delivery.handle(0, [received(page)]);
  await process.clock.advance(second);
  const take = async (pageIts: Parameters<typeof aPage>[0]) => {
    await process.delivery.handle(0, [received(aPage(pageIts))]);
    await process.clock.advance(second);
  };
  const status = () => [...process.log.read(0).values()].flatMap(({ pages }) => pages.map((known) => known.status));
  const now = () => process.clock.now().getTime();
  return { ...process, page, take, status, now };
}

const listed = (its: Partial<ListedPage> = {}): ListedPage => ({ id: 'd-1', status: 'triggered', ...its });

describe('reading pages back', () => {
  it('tells that a page was taken, once, and that it was closed', async () => {
    const { destination, clock, log, page, status, now } = await delivering();
    destination.listed = [listed({ status: 'acknowledged', acknowledgedAt: now() })];
    await clock.advance(100 * second);
    expect(log.outcomesOf(page.pageId)).toEqual(['delivered', 'acknowledged']);
    destination.listed = [listed({ status: 'closed', acknowledgedAt: 0, closedAt: now() })];
    await clock.advance(40 * second);
    expect(log.outcomesOf(page.pageId)).toEqual(['delivered', 'acknowledged', 'resolved']);
    expect(status()).toEqual(['resolved']);
  });

  it('lets the next trigger page again, and the recovery of a closed page call nobody', async () => {
    const { destination, clock, take, now } = await delivering();
    destination.listed = [listed({ status: 'closed', closedAt: now() })];
    await clock.advance(40 * second);
    await take({ transition: 'retriggered', occurredAt: clock.now().toISOString() });
    expect(destination.calls.map(({ kind }) => kind)).toEqual(['create', 'create']);
  });

  it('asks nothing once no page is open', async () => {
    const { destination, clock, now } = await delivering();
    destination.listed = [listed({ status: 'closed', closedAt: now() })];
    await clock.advance(40 * second);
    const before = destination.reads.length;
    await clock.advance(300 * second);
    expect(destination.reads).toHaveLength(before);
  });

  it('leaves the pages of others alone', async () => {
    const { destination, clock, page, status, log, now } = await delivering();
    destination.listed = [listed({ id: 'd-other', status: 'closed', closedAt: now() })];
    await clock.advance(40 * second);
    expect(status()).toEqual(['delivered']);
    expect(log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('reads on at the next tick where many pages were modified, ten parts at once', async () => {
    const { destination, clock, status, now } = await delivering();
    const busy = Array.from({ length: 1050 }, (_, n) => listed({ id: `x-${n}`, modifiedAt: now() }));
    destination.listed = [...busy, listed({ status: 'closed', closedAt: now(), modifiedAt: now() })];
    await clock.advance(8 * second);
    // The last one is empty.
    expect(destination.reads).toHaveLength(12);
    expect(status()).toEqual(['resolved']);
  });

  it('reads no more of an org than what was modified since its page was delivered, but for clocks that differ', async () => {
    const { destination, clock, now } = await delivering();
    const earlier = now() - 15 * 60 * second;
    destination.listed = Array.from({ length: 5000 }, (_, n) => listed({ id: `x-${n}`, modifiedAt: earlier }));
    await clock.advance(20 * second);
    expect(destination.reads).toHaveLength(1);
  });

  it('reads every destination in time, however many there are', async () => {
    const { destination, clock, connect, take } = await delivering();
    const ids = Array.from({ length: 100 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    for (const [n, connectionId] of ids.entries()) {
      connect({ connectionId, destinationOrg: { id: `org-${n}`, name: `Org ${n}` } });
      destination.always.set(connectionId, created(`d-${connectionId}`));
      await take({ alertKey: `a-${n}`, connectionId, pageId: `pg_${n}` });
    }
    destination.reads.length = 0;
    await clock.advance(40 * second);
    expect(new Set(destination.reads.filter((read) => read.endsWith('part 0'))).size).toBe(101);
  });

  it('survives a page whose record throws, and reads those after it', async () => {
    const { destination, clock, status, now } = await delivering();
    destination.listed = [
      listed({ status: 'closed', closedAt: Number.NaN }),
      listed({ status: 'closed', closedAt: now() }),
    ];
    await clock.advance(40 * second);
    expect(status()).toEqual(['resolved']);
  });

  it('reports a refusal once, asks again after ten minutes, and reports that it is over', async () => {
    const { destination, clock, reports, take, log, now } = await delivering();
    destination.unlisted.set(id, { kind: 'refused', detail: 'It answered 403. Add on_call_read.' });
    await clock.advance(599 * second);
    const about = () => reports.filter((report) => report.startsWith('pages-'));
    expect(about()).toEqual(['pages-unreadable It answered 403. Add on_call_read.']);
    await take({ alertKey: 'other', pageId: 'pg_other' });
    expect(log.outcomesOf('pg_other')).toEqual(['delivered']);
    await clock.advance(1300 * second);
    expect(about()).toHaveLength(1);
    expect(destination.reads.length).toBeLessThan(6);
    destination.unlisted.clear();
    destination.listed = [listed({ status: 'acknowledged', acknowledgedAt: now() })];
    await clock.advance(610 * second);
    expect(about().at(-1)).toBe('pages-readable');
  });

  it('asks over the next connection of the destination where one is refused', async () => {
    const org = { id: 'globex', name: 'Globex' };
    const { destination, clock, connect, take, status, now } = await delivering({}, { destinationOrg: org });
    const other = '00000000-0000-4000-8000-00000000000b';
    connect({ connectionId: other, destinationOrg: org });
    destination.always.set(other, created('d-2'));
    destination.unlisted.set(id, { kind: 'refused', detail: 'no' });
    await take({ alertKey: 'second', connectionId: other, pageId: 'pg_second' });
    destination.listed = [listed({ status: 'closed', closedAt: now() }), listed({ id: 'd-2' })];
    await clock.advance(40 * second);
    expect(status()).toEqual(['resolved', 'delivered']);
  });

  it('waits longer after each failure, as long as the destination asks for, and lets calls pass', async () => {
    const { destination, clock, take } = await delivering();
    destination.unlisted.set(id, { kind: 'failed', waitMs: 300 * second });
    await clock.advance(310 * second);
    expect(destination.reads.length).toBeLessThan(3);
    await take({ alertKey: 'other', pageId: 'pg_other' });
    expect(destination.calls).toHaveLength(2);
  });

  it('reads after a takeover what happened in the last day by list, and older pages one by one', async () => {
    const first = await delivering();
    await first.take({ alertKey: 'old', pageId: 'pg_old' });
    await first.delivery.stop(AbortSignal.timeout(10_000));
    await first.clock.advance(2 * day);
    const { log, clock, destination } = first;
    const next = aProcess({ log, clock, destination });
    next.connect();
    next.own(0, 2);
    destination.reads.length = 0;
    next.delivery.start();
    destination.listed = [listed({ status: 'closed', closedAt: clock.now().getTime(), modifiedAt: 0 })];
    destination.unlisted.set(id, { kind: 'failed', waitMs: 0 });
    await clock.advance(100 * second);
    destination.unlisted.clear();
    await clock.advance(300 * second);
    expect(destination.reads).toContain(`${id} part 0`);
    expect(destination.reads).toContain(`${id} page d-1`);
    expect([...log.read(0).values()].flatMap(({ pages }) => pages.map((page) => page.status))).toContain('resolved');
  });

  it('asks after a takeover for no older page that has ended meanwhile', async () => {
    const { log, clock, destination, take, delivery } = await delivering();
    const ids = Array.from({ length: 20 }, (_, n) => `d-old-${n}`);
    for (const old of ids) {
      destination.always.set(id, created(old));
      await take({ alertKey: old, pageId: `pg_${old}` });
    }
    await delivery.stop(AbortSignal.timeout(10_000));
    await clock.advance(2 * day);
    const next = aProcess({ log, clock, destination });
    next.connect();
    next.own(0, 2);
    destination.reads.length = 0;
    destination.listed = ids.map((old) => listed({ id: old, status: 'closed', closedAt: clock.now().getTime() }));
    next.delivery.start();
    await clock.advance(60 * second);
    const reads = destination.reads.filter((read) => !read.endsWith('page d-1'));
    const list = reads.indexOf(`${id} part 0`);
    expect(list).toBeGreaterThanOrEqual(0);
    expect(reads.slice(list).filter((read) => read.includes(' page '))).toEqual([]);
  });
});
