import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../domain/commands/commands.fixtures.ts';
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

const listed = (its: Partial<ListedPage> = {}): ListedPage => ({ id: 'd-1', status: 'triggered', tags: [], ...its });

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

  it('knows a page by its tag, and leaves those of others alone', async () => {
    const { destination, clock, page, status, log, now } = await delivering();
    destination.listed = [
      listed({ id: 'd-other', status: 'closed', closedAt: now() }),
      listed({
        id: 'key-7',
        status: 'acknowledged',
        acknowledgedAt: now(),
        tags: ['env:prod', `page-id:${page.pageId}`],
      }),
    ];
    await clock.advance(40 * second);
    expect(status()).toEqual(['delivered']);
    expect(log.outcomesOf(page.pageId)).toEqual(['delivered', 'acknowledged']);
  });

  it('reads on where pages were modified, at most ten parts at once', async () => {
    const { destination, clock, status, now } = await delivering();
    const busy = Array.from({ length: 1050 }, (_, n) => listed({ id: `x-${n}`, modifiedAt: now() }));
    destination.listed = [...busy, listed({ status: 'closed', closedAt: now(), modifiedAt: now() })];
    await clock.advance(6 * second);
    expect(destination.reads).toHaveLength(10);
    expect(status()).toEqual(['delivered']);
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
    await clock.advance(10 * second);
    expect(destination.reads).toContain(`${id} part 0`);
    expect(destination.reads).toContain(`${id} page d-1`);
  });
});
