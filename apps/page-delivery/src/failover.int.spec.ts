import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Connection, type PageCommand, PageCommands } from '@pagebridge/contracts';
import type { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { aPage, aResolve } from '../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { creating, startGlobex } from './globex.fixtures.ts';
import { Bus, type Instance, startDelivery } from './page-delivery.fixtures.ts';
import { sealing } from './sealing.fixtures.ts';

const bus = new Bus();
const down = { kind: 'error', status: 503, body: 'empty', headers: { 'retry-after': '1' } } as const;
const waits = { kind: 'latency', ms: 1 } as const;
let first: SandboxOrg;
let backup: SandboxOrg;
/** Resolving this ends the latency of the destinations. */
let held: PromiseWithResolvers<void>;
let connections: { readonly first: Connection; readonly backup: Connection };
let instance: Instance;
let seals: Awaited<ReturnType<typeof sealing>>;
let org: string;

beforeAll(async () => {
  seals = await sealing();
  const pause = () => held.promise;
  [first, backup] = await Promise.all([startGlobex({ pause }), startGlobex({ pause })]);
  await bus.start();
  instance = await startDelivery(bus.group, {
    DATA_CENTERS: JSON.stringify([first.dataCenter, backup.dataCenter]),
    CREDENTIALS_PRIVATE_KEYS: seals.privateKeys,
  });
});
afterAll(async () => {
  await instance.stop();
  await Promise.all([first.stop(), backup.stop(), bus.stop()]);
});

beforeEach(async () => {
  org = uniqueName('failover');
  held = Promise.withResolvers();
  for (const { org: destination } of [first, backup]) {
    destination.faults.clear();
    destination.pages.clear();
  }
  const connect = async (slug: string, { dataCenter }: SandboxOrg) => {
    const connection = await seals.sealed({ sourceOrg: org, slug, dataCenter: dataCenter.name }, 'good-key');
    await bus.connect(connection);
    return connection;
  };
  connections = {
    first: await connect('globex-eu', first),
    backup: await connect('globex-ap', backup),
  };
});

const page = (limits: { afterFailures?: number; afterSeconds?: number }): PageCommand => {
  const { connectionId } = connections.backup;
  return aPage({
    sourceOrg: org,
    connectionId: connections.first.connectionId,
    occurredAt: new Date().toISOString(),
    failover: { connectionId, teamId: 'team-7', teamHandle: 'operations', ...limits },
  });
};
const backupOf = ({ pageId }: PageCommand) =>
  waitFor('a backup in the ledger', () =>
    bus
      .statesOf(org)
      .flatMap(({ pages }) => pages)
      .find(({ failoverOf }) => failoverOf?.pageId === pageId),
  );
const open = () => [...first.pages, ...backup.pages].filter(({ status }) => status !== 'resolved');

it('pages the backup if the destination is dead, names the first team in the page, and cancels the first page', async () => {
  first.strike(down, creating);
  const command = page({ afterSeconds: 5 });
  await bus.order(command);
  const { pageId } = await backupOf(command);
  const delivered = await bus.end(pageId, 'delivered');

  expect(await bus.end(command.pageId, 'superseded')).toMatchObject({ reason: 'failed-over' });
  expect(delivered).toMatchObject({
    connectionId: connections.backup.connectionId,
    failoverOf: { pageId: command.pageId },
  });
  // Without the limit of the command, the backup is called after two minutes.
  expect(Date.parse(delivered.at) - Date.parse(command.occurredAt)).toBeLessThan(60_000);
  expect(backup.pages).toMatchObject([{ team: { id: 'team-7' }, title: command.title, urgency: 'high' }]);
  expect(backup.pages[0]?.tags).toEqual(
    expect.arrayContaining(['failover-from:globex-eu', `failover-of:${command.pageId}`, `page-id:${pageId}`]),
  );
  expect(backup.pages[0]?.description).toMatch(
    /^Failover: @oncall-globex-eu\/core-infra was not reached in time.* Last error there: .*503/,
  );
  expect(await instance.metrics()).toMatch(/pagebridge_page_failovers_total\{service="page-delivery"\} 1/);

  first.org.faults.clear();
  await bus.order(aResolve({ sourceOrg: org, alertKey: command.alertKey, occurredAt: new Date().toISOString() }));
  await bus.end(pageId, 'resolved');
  expect(first.pages).toEqual([]);
  expect(open()).toEqual([]);
});

it('leaves one page open if the destination recovers while the backup is called', async () => {
  first.strike(down, creating);
  backup.strike(waits, creating);
  const command = page({ afterFailures: 1 });
  await bus.order(command);
  await waitFor('a failed call', () => first.struck > 0);
  first.strike(waits, creating);
  const { pageId } = await backupOf(command);
  await waitFor('both called', () => first.struck > 0 && backup.struck > 0);
  held.resolve();
  const both = await Promise.all([command.pageId, pageId].map((id) => bus.end(id, 'delivered')));

  expect(both.map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([true, false]);
  await waitFor('one of them to be resolved', () => open().length === 1);
  expect([first.pages.length, backup.pages.length]).toEqual([1, 1]);
});

it('still attempts the page if the backup is refused, whose dead letter names the page that it backs', async () => {
  first.strike(down, creating);
  backup.strike({ kind: 'error', status: 404, body: 'object-array', errors: ['no such team'] }, creating);
  const command = page({ afterFailures: 2 });
  await bus.order(command);
  const { pageId } = await backupOf(command);
  await bus.end(pageId, 'undeliverable');
  first.org.faults.clear();
  await bus.end(command.pageId, 'delivered');

  const [letter] = await waitFor('the dead letter', () => {
    const found = bus.deadLetters(`${org}/${command.alertKey}`);
    return found.length > 0 && found;
  });
  const failoverOf = { pageId: command.pageId, teamHandle: 'core-infra', slug: 'globex-eu' };
  expect(letter && PageCommands.decode(letter)).toMatchObject({ ok: true, event: { data: { pageId, failoverOf } } });
  expect(open()).toHaveLength(1);
});
