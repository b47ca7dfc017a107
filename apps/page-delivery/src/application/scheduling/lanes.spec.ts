import { expect, it } from '@jest/globals';
import { aPage, received } from '../../domain/commands/commands.fixtures.ts';
import { aProcess, created, failed } from '../fakes.fixtures.ts';

const [dead, well] = ['6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10'];

it('a page that waits for one data center makes no other seem slow', async () => {
  const process = aProcess();
  process.connect({ connectionId: dead, dataCenter: 'EU1' });
  process.connect({ connectionId: well, dataCenter: 'AP1' });
  process.own();
  process.destination.always.set(dead, failed());
  process.destination.always.set(well, created());
  const pages = [dead, well].map((connectionId) => received(aPage({ connectionId, alertKey: connectionId })));
  await process.delivery.handle(0, pages);
  const before = process.lanes.longestWaits();
  await process.clock.advance(60_000);

  const { EU1 = 0, ...others } = process.lanes.longestWaits();
  expect([EU1 - (before.EU1 ?? 0), others]).toEqual([60_000, { AP1: 0 }]);
});
