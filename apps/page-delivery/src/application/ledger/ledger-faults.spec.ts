import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@pagebridge/testing';
import { aPage, aResolve, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, FakeDestinationClient, FakeLedgerWriter, failed } from '../fakes.fixtures.ts';
import { Lease } from '../lease.ts';
import { type LedgerWrite, NotWritten } from '../ports.ts';
import { running } from './running.fixtures.ts';

const large = 'acme-us/large';
/** Returns a predicate for records of the large alert with at least this many pages that are not reduced. */
const hasPages =
  (pages: number) =>
  ({ key, state }: LedgerWrite) =>
    key === large && (state?.pages ?? []).filter((page) => page.title).length >= pages;

describe('while a partition cannot be written', () => {
  it('pages of other partitions are given up in time, however many wait in that one', async () => {
    const process = running({ policy: { connectionGraceMs: 1000 } });
    process.delivery.start();
    const waiting = Array.from({ length: 1000 }, (_, n) => received(aPage({ alertKey: `waits-${n}` })));
    const taking = process.delivery.handle(0, waiting);
    await process.clock.advance(100);
    await taking;
    const { states } = process.log;
    process.log.states = (writes) =>
      writes.some(({ partition }) => partition === 0) ? new Promise(() => undefined) : states.call(process.log, writes);
    for (const call of process.destination.calls.slice()) await call.answer(created('d'));
    await process.clock.advance(2000);

    const unknown = aPage({ alertKey: 'unknown', connectionId: '00000000-0000-4000-8000-000000000000' });
    await process.take(1, unknown);
    await process.clock.advance(8000);
    expect(process.log.outcomesOf(unknown.pageId)).toEqual(['undeliverable']);
  });
});

describe('while an alert is set aside', () => {
  it('a page that its destination refuses meanwhile gets its dead letter', async () => {
    const process = running();
    const a = aPage({ alertKey: 'large' });
    await process.take(0, a);
    expect(process.destination.calls).toHaveLength(1);
    process.log.refuses = hasPages(2);
    const release = process.log.holdDeadLetters();
    const b = aPage({ alertKey: 'large', teamId: 'team-2' });
    const taking = process.delivery.handle(0, [received(b)]);
    await process.clock.advance(1);
    await process.destination.calls[0]?.answer({ kind: 'refused', detail: 'no such team' });
    await process.clock.advance(1);
    release();
    await process.clock.advance(1);
    await taking;
    expect(process.log.outcomesOf(a.pageId)).toEqual(['undeliverable']);
    expect(process.log.outcomesOf(b.pageId)).toEqual(['undeliverable']);
    expect(process.log.letters.toSorted()).toEqual([a.pageId, b.pageId].toSorted());
  });

  it('a page that is given up meanwhile gets its dead letter', async () => {
    const process = running();
    process.log.refuses = hasPages(2);
    const release = process.log.holdDeadLetters();
    void process.delivery
      .handle(0, [received(aPage({ alertKey: 'large' })), received(aPage({ alertKey: 'large', teamId: 't2' }))])
      .catch(() => undefined);
    await process.clock.advance(1);
    const c = aPage({ alertKey: 'large', teamId: 't3', connectionId: '00000000-0000-4000-8000-000000000000' });
    void process.delivery.handle(0, [received(c)]).catch(() => undefined);
    await process.clock.advance(31_000);
    await process.clock.advance(0);
    release();
    await process.clock.advance(1000);
    expect(process.log.outcomesOf(c.pageId)).toEqual(['undeliverable']);
    expect(process.log.letters).toContain(c.pageId);
  });

  it('a batch is not committed before its lean record is written', async () => {
    const process = running();
    const a = aPage({ alertKey: 'large' });
    await process.take(0, a);
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.take(0, aPage({ alertKey: 'large', alertEventId: 'again' }));
    process.log.refuses = ({ key, state }) => key === large && (state?.pages[0]?.joined.length ?? 0) > 0;
    const { states } = process.log;
    let n = 0;
    process.log.states = async (writes) =>
      n++ === 0 ? states.call(process.log, writes) : new Promise(() => undefined);
    let committed = false;
    void process.take(0, aResolve({ alertKey: 'large' })).then(() => {
      committed = true;
    });
    await process.clock.advance(50_000);
    expect([committed, process.log.read(0).get(large)?.pages[0]?.status]).toEqual([false, 'delivered']);
  });

  it('a page stays open if Kafka rejects the page that was to replace it', async () => {
    const process = running();
    const low = aPage({ alertKey: 'large', urgency: 'low' });
    await process.take(0, low);
    expect(process.destination.calls).toHaveLength(1);
    process.log.refuses = hasPages(2);
    const high = aPage({ alertKey: 'large', urgency: 'high' });
    await process.take(0, high);
    await process.clock.advance(10);
    expect(process.log.outcomesOf(high.pageId)).toEqual(['undeliverable']);
    await process.destination.calls[0]?.answer(failed());
    await process.clock.advance(5000);
    expect(process.destination.calls).toHaveLength(2);
  });

  it('the next trigger joins a page that was delivered before Kafka rejected a later one', async () => {
    const process = running();
    const low = aPage({ alertKey: 'large', urgency: 'low' });
    await process.take(0, low);
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = hasPages(1);
    await process.take(0, aPage({ alertKey: 'large', urgency: 'high' }));
    await process.clock.advance(10);
    process.log.refuses = () => false;
    await process.take(0, aPage({ alertKey: 'large', urgency: 'low' }));
    expect(process.destination.calls).toHaveLength(1);
  });

  it('it keeps the changes of the meantime when it is reduced', async () => {
    const process = running();
    const a = aPage({ alertKey: 'large' });
    void process.delivery.handle(0, [received(a)]);
    await process.clock.advance(1);
    process.log.refuses = ({ key, state }) =>
      key === large && (state?.pages ?? []).some((page) => page.status === 'pending');
    const release = process.log.hold();
    const b = aPage({ alertKey: 'large', teamId: 't2', connectionId: '00000000-0000-4000-8000-000000000000' });
    void process.delivery.handle(0, [received(b)]);
    await process.clock.advance(1);
    void process.delivery.handle(0, [received(aResolve({ alertKey: 'large' }))]);
    await process.clock.advance(1);
    release();
    await process.clock.advance(10);
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.clock.advance(10);
    expect(process.destination.calls.map(({ kind }) => kind)).toEqual(['create', 'resolve']);
    expect(process.log.outcomesOf(a.pageId)).toContain('delivered');
  });
});

describe('an alert that Kafka refuses', () => {
  it('is not written again and again if none of its pages waits', async () => {
    const process = running();
    const a = aPage({ alertKey: 'large' });
    await process.take(0, a);
    await process.destination.calls[0]?.answer(created('d-1'));
    await process.clock.advance(1);
    let refusals = 0;
    process.log.refuses = ({ key }) => {
      if (key !== large) return false;
      refusals += 1;
      return refusals < 10_000;
    };
    process.ledger.confirm(0);
    await process.clock.advance(1);
    expect(refusals).toBeLessThan(10);
  });

  it('pages when its dead letter is replayed after the alert was forgotten', async () => {
    const process = running();
    process.log.refuses = ({ key, state }) => key === large && state !== undefined;
    const page = aPage({ alertKey: 'large' });
    await process.take(0, page);
    expect(process.log.letters).toEqual([page.pageId]);
    process.log.refuses = () => false;
    await process.delivery.handle(0, [{ ...received(page), replay: { from: 'x/0/1', possibleDuplicate: false } }]);
    await process.clock.advance(60_000);
    expect(process.destination.calls).toHaveLength(1);
  });

  it('leaves its outcome unreported until a write of the next owner includes it', async () => {
    const clock = new FakeClock(new Date('2026-01-31T12:00:00.000Z'));
    const log = new FakeLedgerWriter();
    const destination = new FakeDestinationClient();
    const one = aProcess({ clock, log, destination });
    one.connect();
    one.own(0, 1);
    const a = aPage({ alertKey: 'large' });
    void one.delivery.handle(0, [received(a)]);
    await clock.advance(1);
    const { deadLetters } = log;
    log.deadLetters = () => Promise.reject(new NotWritten('away'));
    await destination.calls[0]?.answer({ kind: 'refused', detail: 'no such team' });
    await clock.advance(1);
    one.delivery.disown(0);
    await clock.advance(1000);

    const two = aProcess({ clock, log, destination });
    two.connect();
    log.refuses = ({ key }) => key === large;
    two.own(0, 2);
    await clock.advance(1);
    void two.delivery.handle(0, [received(aPage({ alertKey: 'third' }))]).catch(() => undefined);
    await clock.advance(1);
    two.delivery.disown(0);
    log.refuses = () => false;
    log.deadLetters = deadLetters;
    await clock.advance(1000);
    const three = aProcess({ clock, log, destination });
    three.connect();
    three.own(0, 3);
    await clock.advance(1000);
    expect(log.letters).toContain(a.pageId);
    expect(log.outcomesOf(a.pageId)).toContain('undeliverable');
  });
});

describe('while outcomes cannot be published', () => {
  it('a page that is replayed and given up again gets a second dead letter', async () => {
    const process = running();
    const a = aPage({ alertKey: 'large' });
    await process.take(0, a);
    process.log.muteNext(1000);
    await process.destination.calls[0]?.answer({ kind: 'refused', detail: 'no such team' });
    await process.clock.advance(1);
    expect(process.log.letters).toEqual([a.pageId]);
    const replaying = process.delivery.handle(0, [
      { ...received(a), replay: { from: 'x/0/1', possibleDuplicate: false } },
    ]);
    replaying.catch(() => undefined);
    await process.clock.advance(1);
    expect(process.destination.calls).toHaveLength(2);
    await process.destination.calls[1]?.answer({ kind: 'refused', detail: 'no such team' });
    await process.clock.advance(1);
    process.log.muteNext(0);
    await process.clock.advance(10_000);
    expect(process.log.letters).toEqual([a.pageId, a.pageId]);
  });

  it('late triggers do not make the record of their alert grow without bound', async () => {
    const process = running();
    process.log.refuses = ({ state }) => JSON.stringify(state ?? '').length > 1_000_000;
    await process.take(0, aPage({ alertKey: 'large', occurredAt: '2026-01-31T11:00:00.000Z' }));
    await process.destination.calls[0]?.answer(created('d-0'));
    await process.take(0, aResolve({ alertKey: 'large', occurredAt: '2026-01-31T11:30:00.000Z' }));
    await process.destination.calls[1]?.answer({ kind: 'resolved' });
    const open = aPage({ alertKey: 'large', occurredAt: '2026-01-31T11:40:00.000Z' });
    await process.take(0, open);
    await process.destination.calls[2]?.answer(created('d-1'));
    await process.clock.advance(10);
    process.log.muteNext(1e9);
    let most = 0;
    for (let n = 0; n < 30; n += 1) {
      void process.delivery
        .handle(
          0,
          Array.from({ length: 100 }, () =>
            received(aPage({ alertKey: 'large', occurredAt: '2026-01-31T11:10:00.000Z' })),
          ),
        )
        .catch(() => undefined);
      await process.clock.advance(100);
      most = Math.max(most, process.ledger.partition(0)?.get(large)?.pages.length ?? 0);
    }
    expect(
      process.log
        .read(0)
        .get(large)
        ?.pages.some(({ status }) => status === 'delivered'),
    ).toBe(true);
  });

  it('a partition takes no more commands once so many wait that they take much memory', async () => {
    const process = aProcess();
    const { connectionId } = process.connect();
    process.own(0);
    process.destination.always.set(connectionId, created());
    const pages = Array.from({ length: 2001 }, (_, n) => received(aPage({ alertKey: `alert-${n}` })));
    process.log.muteNext(40);
    await process.delivery.handle(0, pages);
    await process.clock.advance(1);
    let isTaken = false;
    void process.delivery.handle(0, [received(aPage({ alertKey: 'next' }))]).then(() => {
      isTaken = true;
    });
    await process.clock.advance(5000);
    expect(isTaken).toBe(false);
    await process.clock.advance(10_000);
    expect(isTaken).toBe(true);
  });

  it('the instance still rejoins the group', async () => {
    const process = running();
    process.log.muteNext(1_000_000);
    await process.take(0, aPage());
    await process.destination.calls[0]?.answer(created('d-1'));
    const lease = new Lease({ isMember: true });
    const abort = new AbortController();
    void lease.whileRebalancing(() => process.delivery.callsRecorded(abort.signal));
    await process.clock.advance(2000);
    abort.abort();
    await process.clock.advance(600_000);
    expect(lease.mayCall()).toBe(true);
  });
});

describe('while a partition of the ledger cannot be written', () => {
  it('no page of another partition waits for a slot of its connection', async () => {
    const process = running();
    const { states } = process.log;
    process.log.states = async (writes) =>
      writes[0]?.partition === 0 ? new Promise(() => undefined) : states.call(process.log, writes);
    for (const n of [1, 2, 3, 4]) {
      void process.delivery.handle(0, [received(aPage({ alertKey: `stuck-${n}` }))]).catch(() => undefined);
    }
    await process.clock.advance(1);
    const page = aPage({ alertKey: 'free' });
    await process.take(1, page);
    await process.clock.advance(600_000);
    expect(process.destination.calls.map(({ pageId }) => pageId)).toEqual([page.pageId]);
  });

  it('no page of another partition waits for a page of this one that is given up', async () => {
    const process = running();
    process.lease.held = false;
    for (const n of [1, 2, 3, 4]) await process.take(0, aPage({ alertKey: `stuck-${n}` }));
    await process.take(1, aPage({ alertKey: 'free' }));
    const { states } = process.log;
    process.log.states = async (writes) =>
      writes[0]?.partition === 0 ? new Promise(() => undefined) : states.call(process.log, writes);
    process.lease.held = true;
    process.connect({ version: 2, enabled: false });
    await process.clock.advance(10_000);
    const [free] = [...process.log.read(1).values()].flatMap(({ pages }) => pages);
    expect(free).toMatchObject({ status: 'undeliverable', reason: 'connection-disabled' });
  });

  it('a redelivered batch publishes each of its outcomes once', async () => {
    const process = running();
    await process.take(0, aPage());
    await process.destination.calls[0]?.answer(created());
    const release = process.log.hold();
    const again = received(aPage({ alertEventId: 'again' }));
    for (let n = 0; n < 5; n += 1) {
      const taking = expect(process.delivery.handle(0, [again])).rejects.toThrow('60 s');
      await process.clock.advance(60_000);
      await taking;
    }
    release();
    await process.clock.advance(1000);
    expect(process.log.published.filter(({ outcome }) => outcome === 'joined')).toHaveLength(1);
  });
});

describe('a command that changes nothing', () => {
  it('writes nothing', async () => {
    const process = running();
    const page = aPage();
    await process.take(0, page);
    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(1);
    const before = process.log.writes.flat().length;
    await process.take(0, page);
    expect(process.log.writes.flat().length).toBe(before);
  });
});
