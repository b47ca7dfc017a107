import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed, type Setup } from './fakes.fixtures.ts';

const running = async (setup: Setup = {}) => {
  const process = aProcess(setup);
  const connection = process.connect();
  process.own();
  process.delivery.start();
  const take = async (...alertKeys: string[]) => {
    await process.delivery.handle(
      0,
      alertKeys.map((alertKey) => received(aPage({ alertKey }))),
    );
    await process.clock.advance(0);
  };
  const remove = async () => {
    process.connect({ ...connection, version: connection.version + 1, enabled: false, deleting: true });
    await process.clock.advance(2000);
  };
  const resolves = () => process.destination.calls.filter(({ kind }) => kind === 'resolve');
  return { ...process, connection, take, remove, resolves };
};

const statusesOf = ({ log }: Awaited<ReturnType<typeof running>>) =>
  [...log.read(0).values()].flatMap(({ pages }) =>
    pages.map(({ status, reason }) => `${status} ${reason ?? ''}`.trim()),
  );

/** Returns the reports of drained partitions, without the reports that a credential works. */
const drainedBy = ({ reports }: { readonly reports: readonly string[] }) =>
  reports.filter((report) => report.startsWith('drained'));

describe('a connection that is being deleted', () => {
  it('is reported as drained once its open pages are resolved', async () => {
    const process = await running();
    await process.take('one', 'two');
    for (const call of process.destination.calls) await call.answer(created(`d-${call.pageId}`));
    await process.remove();
    expect(process.resolves()).toHaveLength(2);
    expect(drainedBy(process)).toEqual([]);
    await process.resolves()[0]?.answer({ kind: 'resolved' });
    await process.clock.advance(10_000);
    expect(drainedBy(process)).toEqual([]);
    await process.resolves()[1]?.answer({ kind: 'resolved' });
    await process.clock.advance(4000);
    expect(drainedBy(process)).toEqual(['drained 0: 2 resolved, 0 unresolved']);
    expect(statusesOf(process)).toEqual(['resolved connection-deleted', 'resolved connection-deleted']);
    await process.clock.advance(60_000);
    expect(drainedBy(process)).toHaveLength(1);
  });

  it('is drained at once if no page is open over it', async () => {
    const process = await running();
    await process.remove();
    expect(drainedBy(process)).toEqual(['drained 0: 0 resolved, 0 unresolved']);
  });

  it('is not reported by an instance that may have lost the partition, whose new owner may have opened a page', async () => {
    const process = await running();
    process.lease.owned = false;
    await process.remove();
    expect(drainedBy(process)).toEqual([]);
    process.lease.owned = true;
    await process.clock.advance(2000);
    expect(drainedBy(process)).toEqual(['drained 0: 0 resolved, 0 unresolved']);
  });

  it('resolves a page whose create was in flight, and gives up waiting pages', async () => {
    const process = await running({ concurrency: 1 });
    await process.take('one', 'two');
    const [create] = process.destination.calls;
    await process.remove();
    await create?.answer(created());
    await process.clock.advance(4000);
    expect(process.resolves()).toMatchObject([{ pageId: 'd-1' }]);
    await process.resolves()[0]?.answer({ kind: 'resolved' });
    await process.clock.advance(4000);
    expect(statusesOf(process).sort()).toEqual(['resolved connection-deleted', 'undeliverable connection-disabled']);
    expect(process.log.letters).toHaveLength(1);
    expect(process.lines).toMatchObject([{ detail: expect.stringContaining('being deleted') }]);
    expect(drainedBy(process)).toEqual(['drained 0: 1 resolved, 0 unresolved']);
  });

  it('is reported by the next owner of the partition with the same numbers', async () => {
    const process = await running();
    await process.take('one', 'two');
    for (const call of process.destination.calls) await call.answer(created(`d-${call.pageId}`));
    await process.remove();
    await process.resolves()[0]?.answer({ kind: 'resolved' });
    process.delivery.disown(0);

    const { log, clock, destination, connection } = process;
    const successor = aProcess({ log, clock, destination });
    successor.connect({ ...connection, version: 2, enabled: false, deleting: true });
    destination.always.set(connection.connectionId, { kind: 'resolved' });
    successor.own(0, 2);
    successor.delivery.start();
    await clock.advance(6000);
    expect(drainedBy(process)).toEqual([]);
    expect(drainedBy(successor)).toEqual(['drained 0: 2 resolved, 0 unresolved']);
  });

  it('is not drained while its destination does not answer', async () => {
    const process = await running();
    await process.take('one');
    await process.destination.calls[0]?.answer(created());
    process.destination.always.set(process.connection.connectionId, failed());
    await process.remove();
    await process.clock.advance(600_000);
    expect(drainedBy(process)).toEqual([]);
  });

  it('is reported again if the report could not be written', async () => {
    const process = await running();
    process.reporting.failures = 2;
    await process.remove();
    await process.clock.advance(10_000);
    expect(drainedBy(process)).toEqual(['drained 0: 0 resolved, 0 unresolved']);
  });

  it('does not affect the pages of other orgs and other connections', async () => {
    const process = await running();
    const other = process.connect({ connectionId: '00000000-0000-4000-8000-00000000000b' });
    await process.delivery.handle(0, [received(aPage({ connectionId: other.connectionId, alertKey: 'other' }))]);
    await process.clock.advance(0);
    await process.destination.calls[0]?.answer(created());
    await process.remove();
    expect(drainedBy(process)).toEqual(['drained 0: 0 resolved, 0 unresolved']);
    expect(statusesOf(process)).toEqual(['delivered']);
  });
});
