import { describe, expect, it } from '@jest/globals';
import { aPage, aResolve, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { created } from '../fakes.fixtures.ts';
import { type LedgerWrite, NotWritten } from '../ports.ts';
import { running } from './running.fixtures.ts';

const large = 'acme-us/large';
/** Kafka accepts the large alert only once it is reduced. */
const isTooLarge = ({ key, state }: LedgerWrite) => key === large && (state?.pages ?? []).some((page) => page.title);

describe('an alert whose record Kafka will never accept', () => {
  it('becomes undeliverable with a dead letter, and the other alerts of the same write are written', async () => {
    const process = running();
    process.log.refuses = isTooLarge;
    const page = aPage({ alertKey: 'large' });
    const other = aPage({ alertKey: 'small' });
    await process.take(0, page, other);

    expect(process.destination.calls.map(({ pageId }) => pageId)).toEqual([other.pageId]);
    expect(process.log.letters).toEqual([page.pageId]);
    expect(process.log.published).toMatchObject([
      { pageId: page.pageId, outcome: 'undeliverable', reason: 'unwritable' },
    ]);
    expect(process.log.read(0).has(large)).toBe(false);
  });

  it('commits the offset after its dead letter, which no record of the ledger lists', async () => {
    const process = running();
    process.log.refuses = isTooLarge;
    const release = process.log.holdDeadLetters();
    let committed = false;
    const taking = process.delivery.handle(0, [received(aPage({ alertKey: 'large' }))]).then(() => {
      committed = true;
    });
    await process.clock.advance(10);
    expect(committed).toBe(false);
    release();
    await taking;
  });

  it('still resolves the page that was delivered before, which a re-trigger joins', async () => {
    const process = running();
    const page = aPage({ alertKey: 'large' });
    await process.take(0, page);
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = isTooLarge;
    await process.take(0, aPage({ alertKey: 'large', teamId: 'team-2' }));
    await process.take(0, aPage({ alertKey: 'large', alertEventId: 'again' }));
    await process.take(0, aResolve({ alertKey: 'large' }));
    await process.destination.calls.at(-1)?.answer({ kind: 'resolved' });

    expect(process.destination.calls.map(({ kind, pageId }) => [kind, pageId])).toEqual([
      ['create', page.pageId],
      ['resolve', 'd-1'],
    ]);
    expect(process.log.published.map(({ outcome }) => outcome).toSorted()).toEqual(
      ['delivered', 'joined', 'resolved', 'undeliverable'].toSorted(),
    );
  });

  it('is forgotten if no call was made for any of its pages, with a dead letter for each', async () => {
    const process = running();
    process.log.refuses = ({ key, state }) => key === large && state !== undefined;
    const page = aPage({ alertKey: 'large' });
    await process.take(0, page);

    expect(process.log.letters).toEqual([page.pageId]);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['undeliverable']);
    expect(process.ledger.partition(0)?.alerts.size).toBe(0);
  });

  it('commits nothing while Kafka rejects even the record of pages that may exist', async () => {
    const process = running();
    await process.take(0, aPage({ alertKey: 'large' }));
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = ({ key }) => key === large;
    const recovery = [received(aResolve({ alertKey: 'large' }))];
    await expect(process.delivery.handle(0, recovery)).rejects.toThrow('has an alert that Kafka rejects');

    process.log.refuses = () => false;
    process.delivery.sweep();
    await process.clock.advance(1);
    expect(process.log.read(0).get(large)?.pages).toMatchObject([{ status: 'resolving' }]);
  });

  it('has one dead letter for a further page, however often its batch is delivered, and holds up no page of another org', async () => {
    const process = running();
    const other = { sourceOrg: 'other', connectionId: '00000000-0000-4000-8000-00000000000b' };
    process.connect(other);
    await process.take(0, aPage({ alertKey: 'large' }));
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = ({ key }) => key === large;
    const page = aPage({ alertKey: 'large', teamId: 'team-2' });
    await expect(process.delivery.handle(0, [received(page)])).rejects.toThrow('has an alert that Kafka rejects');

    for (let n = 0; n < 3; n += 1) {
      await process.clock.advance(250);
      expect(await process.delivery.handle(0, [received(page)])).toMatchObject([{ refused: { reason: 'unwritable' } }]);
    }
    expect(process.log.letters).toEqual([page.pageId]);
    expect(await process.delivery.handle(0, [received(aPage(other))])).toEqual([]);
  });

  it('gives each refused page an outcome with the reason', async () => {
    const process = running();
    await process.take(0, aPage({ alertKey: 'large' }));
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = ({ key }) => key === large;
    await expect(process.delivery.handle(0, [received(aResolve({ alertKey: 'large' }))])).rejects.toThrow();
    const page = aPage({ alertKey: 'large', teamId: 'team-2' });
    await process.delivery.handle(0, [received(page)]);

    expect(process.log.published.at(-1)).toMatchObject({
      ...{ pageId: page.pageId, outcome: 'undeliverable', reason: 'unwritable' },
    });
  });

  it('is written once the limit of the topic is raised, also if no further batch arrives', async () => {
    const process = running();
    process.delivery.start();
    await process.take(0, aPage({ alertKey: 'large' }));
    await process.destination.calls[0]?.answer(created('d-1'));
    process.log.refuses = ({ key }) => key === large;
    process.take(0, aResolve({ alertKey: 'large' })).catch(() => undefined);
    await process.clock.advance(10_000);
    process.log.refuses = () => false;
    await process.clock.advance(2000);

    expect(process.log.read(0).get(large)?.pages).toMatchObject([{ status: 'resolving' }]);
  });
});

describe('a partition of the ledger that cannot be written', () => {
  it('delays no other partition', async () => {
    const process = running();
    const { states } = process.log;
    process.log.states = async (writes) =>
      writes[0]?.partition === 0 ? new Promise(() => undefined) : states.call(process.log, writes);
    void process.take(0, aPage({ alertKey: 'stuck' }));
    const page = aPage({ alertKey: 'free' });
    await process.take(1, page);
    await process.destination.calls[0]?.answer(created());

    expect(process.log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('rejects a batch after a minute, so that its handler does not hang, and keeps its decisions', async () => {
    const process = running();
    const release = process.log.hold();
    const taking = process.delivery.handle(0, [received(aPage())]);
    const refused = expect(taking).rejects.toThrow('could not be written for 60 s');
    await process.clock.advance(60_000);
    await refused;

    release();
    await process.clock.advance(1);
    expect(process.destination.calls).toHaveLength(1);
  });
});

describe('outcomes that Kafka does not accept', () => {
  it('delay no page, and are published once Kafka accepts them', async () => {
    const process = running();
    const page = aPage({ alertKey: 'first' });
    process.log.muteNext(4);
    await process.take(0, page);
    await process.destination.calls[0]?.answer(created());
    const other = aPage({ alertKey: 'second' });
    await process.take(0, other);
    expect(process.destination.calls).toHaveLength(2);
    expect(process.log.published).toEqual([]);

    await process.clock.advance(1000);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('delay a batch whose outcomes belong to no page, until they are published', async () => {
    const process = running();
    await process.take(0, aPage());
    process.log.muteNext(1);
    let committed = false;
    const taking = process.delivery.handle(0, [received(aPage({ alertEventId: 'again' }))]).then(() => {
      committed = true;
    });
    await process.clock.advance(1);
    expect(committed).toBe(false);

    await process.clock.advance(250);
    await taking;
    expect(process.log.published.map(({ outcome }) => outcome)).toEqual(['joined']);
  });
});

describe('a write that is in flight when the lease ends', () => {
  it('is not sent again', async () => {
    const process = running();
    const aborted: boolean[] = [];
    process.log.states = (_writes, signal?: AbortSignal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          aborted.push(true);
          reject(new NotWritten('given up'));
        });
      });
    const taking = expect(process.delivery.handle(0, [received(aPage())])).rejects.toThrow();
    await process.clock.advance(1000);
    expect(aborted).toEqual([]);

    process.lease.owned = false;
    await process.clock.advance(500);
    expect(aborted).toEqual([true]);
    await taking;
  });
});

it('a page of an alert whose ledger record is unreadable gets an outcome, and the record stays as it is', async () => {
  const process = running();
  const reading = process.log.reading(2);
  reading.add(large, 0, { said: 'unreadable' });
  process.delivery.own(2, 1, reading.restored());
  const page = aPage({ alertKey: 'large' });
  expect(await process.take(2, page)).toMatchObject([{ refused: { reason: 'ledger-unreadable' } }]);

  expect(process.log.published).toMatchObject([
    { pageId: page.pageId, outcome: 'undeliverable', reason: 'ledger-unreadable' },
  ]);
  expect(process.log.writes.flat()).toEqual([]);
});
