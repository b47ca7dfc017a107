import { describe, expect, it } from '@jest/globals';
import { LedgerReading } from '@pagebridge/page-lifecycle';
import { after, aPage, aResolve, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created } from '../fakes.fixtures.ts';
import type { LedgerPartition } from './ledger-partition.ts';

const key = 'acme-us/monitor-1234:host:backend-7';

/** Starts a process whose only alert has a delivered page, so that it is idle. */
async function paged() {
  const process = aProcess();
  process.connect();
  process.own();
  const command = received(aPage());
  await process.delivery.handle(0, [command]);
  await process.destination.calls[0]?.answer(created());
  const ledgerPartition = process.ledger.partition(0) as LedgerPartition;
  return { ...process, ledgerPartition, command };
}

describe('an idle alert', () => {
  it('has the state that was written', async () => {
    const { ledgerPartition, log } = await paged();
    const [written] = log.writes.at(-1) ?? [];
    const [page] = written?.state?.pages ?? [];
    const { pageId, destinationPageId, connectionId, teamId, triggeredAt } = page ?? {};
    const kept = { status: 'delivered', pageId, destinationPageId, connectionId, teamId, triggeredAt, unreported: [] };
    expect([...ledgerPartition.alerts.all()]).toMatchObject([[key, { sourceOrg: 'acme-us', pages: [kept] }]]);
    expect(ledgerPartition.get(key)).toMatchObject({ lastEventAt: written?.state?.lastEventAt, pages: [kept] });
  });

  it('is kept as text, and is the same at each read', async () => {
    const { ledgerPartition } = await paged();
    expect(ledgerPartition.alerts.idle.size).toBe(1);
    const [[, once] = []] = ledgerPartition.alerts.all();
    const [[, again] = []] = ledgerPartition.alerts.all();
    expect(again).toEqual(once);
  });

  it('is not written again for a redelivered command', async () => {
    const { delivery, log, command } = await paged();
    const before = log.writes.length;
    await delivery.handle(0, [command]);
    expect(log.writes).toHaveLength(before);
  });

  it('is resolved when it recovers', async () => {
    const { delivery, destination, clock } = await paged();
    await delivery.handle(0, [received(aResolve())]);
    await clock.advance(1);
    expect(destination.calls.map(({ kind }) => kind)).toEqual(['create', 'resolve']);
  });

  it('is forgotten after its retention', async () => {
    const { delivery, ledgerPartition, clock } = await paged();
    await clock.advance(8 * 24 * 60 * 60_000);
    delivery.sweep();
    await clock.advance(1);
    expect(ledgerPartition.alerts.size).toBe(0);
  });
});

describe('an alert that changes while its outcomes are being published', () => {
  it('keeps the change, and publishes no outcome twice', async () => {
    const process = aProcess();
    process.connect();
    process.own();
    const command = received(aPage());
    await process.delivery.handle(0, [command]);
    const release = process.log.hold(1);
    await process.destination.calls[0]?.answer(created());
    const recovering = process.delivery.handle(0, [received(aResolve())]);
    await process.clock.advance(1);
    release();
    await recovering;
    await process.clock.advance(1);
    await process.destination.calls[1]?.answer({ kind: 'resolved' });
    await process.clock.advance(1);

    expect(process.log.outcomesOf(command.command.kind === 'page' ? command.command.pageId : '')).toEqual([
      'delivered',
      'resolved',
    ]);
    expect(process.ledger.partition(0)?.alerts.idle.size).toBe(1);
  });
});

describe('an alert whose last record cannot be read', () => {
  it('takes no commands and keeps its record, although an earlier record of it was forgotten for want of memory', async () => {
    const process = aProcess();
    const ended = after(aPage({ alertKey: 'held' }), aResolve({ alertKey: 'held' }));
    const idle = { ...ended, pages: ended.pages.map((page) => ({ ...page, unreported: [] })) };
    const held = 'acme-us/held';
    const reading = new LedgerReading();
    reading.add(held, 0, { by: { ownerEpoch: 1 }, said: idle });
    reading.restored();
    reading.forgetSurplus(0);
    reading.add(held, 1, { said: 'unreadable' });
    process.connect();
    process.delivery.own(0, 2, reading.restored());
    process.delivery.sweep();
    await process.clock.advance(1);
    const page = received(aPage({ alertKey: 'held' }));

    expect(await process.delivery.handle(0, [page])).toMatchObject([{ refused: { reason: 'ledger-unreadable' } }]);
    expect(process.log.writes.flat().filter((write) => write.key === held)).toEqual([]);
  });
});
