import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from './fakes.fixtures.ts';

const acme = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';
const other = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';
const backupId = '00000000-0000-4000-8000-00000000000b';
const failover = { connectionId: backupId, teamId: 'team-7', teamHandle: 'operations' };

const running = () => {
  const process = aProcess();
  process.connect({ connectionId: acme });
  process.own();
  process.delivery.start();
  const called = () => process.destination.calls.map(({ connectionId }) => connectionId);
  return { ...process, called };
};

describe('the failover of a page of a small org', () => {
  it('is at most a second late although 20,000 pages of another org are late, too', async () => {
    const process = running();
    process.connect({ connectionId: other, sourceOrg: 'other-us' });
    process.connect({ connectionId: backupId, sourceOrg: 'other-us' });
    for (const connection of [acme, other]) process.destination.always.set(connection, failed());
    const flood = Array.from({ length: 20_000 }, (_, n) =>
      aPage({ alertKey: `flood-${n}`, failover: { ...failover, afterSeconds: 30 } }),
    );
    await process.delivery.handle(
      0,
      flood.map((page) => received(page)),
    );
    const page = { sourceOrg: 'other-us', connectionId: other, failover: { ...failover, afterSeconds: 30 } };
    await process.delivery.handle(0, [received(aPage(page))]);
    await process.clock.advance(29_000);
    expect(process.called()).not.toContain(backupId);

    await process.clock.advance(2000);
    expect(process.called()).toContain(backupId);
  });

  it('follows within seconds once the connection of its backup is enabled', async () => {
    const process = running();
    process.connect({ connectionId: backupId, enabled: false, version: 1 });
    process.destination.always.set(acme, failed({ cause: 'credential' }));
    const page = aPage({ failover: { ...failover, afterFailures: 1, afterSeconds: 3600 } });
    await process.delivery.handle(0, [received(page)]);
    await process.clock.advance(999);
    expect(process.called()).toEqual([acme]);

    process.connect({ connectionId: backupId, enabled: true, version: 2 });
    await process.clock.advance(3000);
    expect(process.called()).toContain(backupId);
  });

  it('is not an hour late if the clock is set back by an hour', async () => {
    const process = running();
    process.connect({ connectionId: backupId });
    await process.clock.advance(10_000);
    process.clock.setBack(60 * 60_000);
    const occurredAt = process.clock.now().toISOString();
    await process.delivery.handle(0, [received(aPage({ occurredAt, failover: { ...failover, afterSeconds: 30 } }))]);
    process.destination.always.set(acme, failed({ cause: 'credential' }));
    await process.destination.calls[0]?.answer(failed({ cause: 'credential' }));
    await process.clock.advance(31_000);
    expect(process.called()).toContain(backupId);
  });
});

describe('a page whose backup cannot be paged now', () => {
  it('is not written again and again', async () => {
    const process = running();
    process.connect({ connectionId: backupId, enabled: false });
    process.destination.always.set(acme, failed({ cause: 'credential' }));
    await process.delivery.handle(0, [received(aPage({ failover: { ...failover, afterSeconds: 30 } }))]);
    await process.clock.advance(29_000);
    // No probe of the credential runs.
    process.lease.held = false;
    const { length } = process.log.writes;
    await process.clock.advance(60_000);
    expect(process.log.writes).toHaveLength(length);
  });
});

describe('a page whose command cannot be read', () => {
  it('waits, and is sent with its text once the command can be read', async () => {
    const process = running();
    process.destination.always.set(acme, failed());
    const page = aPage({ occurredAt: process.clock.now().toISOString() });
    await process.delivery.handle(0, [received(page)]);
    await process.clock.advance(100);
    process.texts.inMemory.clear();
    process.texts.isReadable = false;
    process.destination.always.set(acme, created());
    const { length } = process.called();
    await process.clock.advance(60_000);
    expect(process.called()).toHaveLength(length);

    process.texts.isReadable = true;
    await process.clock.advance(61_000);
    expect(process.log.outcomesOf(page.pageId)).toContain('delivered');
    expect(process.destination.texts.at(-1)).toMatchObject({ title: page.title, description: page.description });
  });
});

describe('a page that waits while its connection changes', () => {
  it('is not sent over it once it belongs to another source org', async () => {
    const process = aProcess();
    process.own();
    await process.delivery.handle(0, [received(aPage())]);
    process.connect({ connectionId: acme, sourceOrg: 'other-us' });
    await process.clock.advance(60_000);
    expect(process.destination.calls).toEqual([]);
    expect(process.log.published).toMatchObject([{ outcome: 'undeliverable', reason: 'connection-foreign' }]);
  });

  it('is not sent over it once it is disabled, also if its text is being read', async () => {
    const process = running();
    const page = aPage();
    process.texts.isReadable = false;
    const { read } = process.texts;
    const reading = Promise.withResolvers<void>();
    process.texts.kept = () => undefined;
    process.texts.read = async (...its) => {
      await reading.promise;
      return read.apply(process.texts, its);
    };
    await process.delivery.handle(0, [received(page)]);
    await process.clock.advance(1000);
    process.connect({ connectionId: acme, enabled: false, version: 2 });
    reading.resolve();
    await process.clock.advance(1000);
    process.texts.isReadable = true;
    await process.clock.advance(60_000);
    expect(process.destination.calls).toEqual([]);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['undeliverable']);
  });
});

it('a page that is too old fails over, although outcomes wait and it may not be given up', async () => {
  const process = running();
  process.connect({ connectionId: backupId, enabled: false, version: 1 });
  process.connect({ connectionId: other, sourceOrg: 'other-us' });
  process.destination.always.set(acme, failed());
  process.destination.always.set(other, created());
  await process.delivery.handle(0, [received(aPage({ failover: { ...failover, afterSeconds: 30 } }))]);
  await process.clock.advance(3.99 * 60 * 60_000);
  process.log.muteNext(1_000_000);
  const many = Array.from({ length: 3000 }, (_, n) => {
    const occurredAt = process.clock.now().toISOString();
    return received(aPage({ alertKey: `many-${n}`, sourceOrg: 'other-us', connectionId: other, occurredAt }));
  });
  void process.delivery.handle(0, many).catch(() => undefined);
  await process.clock.advance(120_000);
  process.connect({ connectionId: backupId, enabled: true, version: 2 });
  await process.clock.advance(5000);
  expect(process.called()).toContain(backupId);
});

it('a bug in the check of one overdue page delays no other page, and does not end the process', async () => {
  const process = running();
  process.connect({ connectionId: backupId });
  process.destination.always.set(acme, failed());
  const commands = ['broken', 'sound'].map((alertKey) =>
    received(aPage({ alertKey, failover: { ...failover, afterSeconds: 30 } })),
  );
  await process.delivery.handle(0, commands);
  const partition = process.ledger.partition(0);
  if (!partition) throw new Error('the partition is not owned');
  const step = partition.step.bind(partition);
  partition.step = (key, input) => {
    if (input.kind === 'overdue' && key.endsWith('broken')) throw new TypeError('no such field');
    return step(key, input);
  };
  const backups = () =>
    new Set(process.destination.calls.filter((call) => call.connectionId === backupId).map(({ pageId }) => pageId));
  await process.clock.advance(31_000);
  expect(backups().size).toBeGreaterThan(0);

  partition.step = step;
  await process.clock.advance(60_000);
  expect(backups().size).toBe(2);
});
