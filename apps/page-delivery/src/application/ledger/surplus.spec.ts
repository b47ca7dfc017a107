import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created } from '../fakes.fixtures.ts';

describe('an org that uses a new alert key for each event', () => {
  it('loses its oldest alerts, in the ledger too, while every new page is sent and other orgs lose nothing', async () => {
    const process = aProcess({ idleBytes: 20_000 });
    const connection = process.connect();
    process.destination.always.set(connection.connectionId, created());
    process.own();
    await process.delivery.handle(0, [received(aPage({ alertKey: 'first' }))]);
    const flood = Array.from({ length: 200 }, (_, n) => aPage({ alertKey: `flood-${n}` }));
    for (const page of flood) await process.delivery.handle(0, [received(page)]);
    await process.clock.advance(1);
    for (let n = 0; n < 3; n += 1) {
      process.delivery.sweep();
      await process.clock.advance(1);
    }

    expect(process.destination.calls).toHaveLength(201);
    expect(process.ledger.partition(0)?.alerts.idle.bytes).toBeLessThanOrEqual(20_000);
    const left = [...process.log.read(0).keys()];
    expect(left).toContain('acme-us/flood-199');
    expect(left).not.toContain('acme-us/first');
  });

  it('is kept within the bound, in the ledger too, also while the next owner reads', async () => {
    const process = aProcess();
    const connection = process.connect();
    process.destination.always.set(connection.connectionId, created());
    process.own();
    for (let n = 0; n < 200; n += 1) await process.delivery.handle(0, [received(aPage({ alertKey: `flood-${n}` }))]);
    await process.clock.advance(1);
    const next = aProcess({ ...process, idleBytes: 20_000 });
    const reading = process.log.reading(0);
    reading.restored();
    reading.forgetSurplus(next.ledger.idleShare([reading.idle]) ?? Number.POSITIVE_INFINITY);
    next.delivery.own(0, 2, reading.restored());
    const again = received(aPage({ alertKey: 'flood-0', alertEventId: 'again' }));
    await next.delivery.handle(0, [again]);
    next.delivery.sweep();
    await next.clock.advance(1);

    const left = [...next.log.read(0).keys()];
    expect(left.length).toBeLessThan(40);
    expect(left).toEqual(expect.arrayContaining(['acme-us/flood-0', 'acme-us/flood-199']));
  });
});
