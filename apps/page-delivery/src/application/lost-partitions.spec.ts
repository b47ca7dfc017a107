import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { settled } from '@pagebridge/testing';
import { aPage, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from './fakes.fixtures.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Loses a partition with many alerts, and returns it weakly with the process that lost it. */
async function losing(before: (process: ReturnType<typeof aProcess>) => Promise<void>) {
  const process = aProcess();
  process.own(0);
  process.own(1);
  const { connectionId } = process.connect();
  process.destination.always.set(connectionId, created());
  const pages = Array.from({ length: 200 }, (_, n) => received(aPage({ alertKey: `alert-${n}` })));
  await process.delivery.handle(0, pages);
  await process.clock.advance(1000);
  await before(process);
  const lost = new WeakRef(process.ledger.partition(0) ?? {});
  process.delivery.disown(0);
  for (let sweep = 0; sweep < 3; sweep += 1) {
    await process.clock.advance(5000);
    process.delivery.sweep();
  }
  process.log.writes.length = 0;
  process.destination.calls.length = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    await settled();
    collectGarbage();
  }
  return { process, lost };
}

it.each<[string, (process: ReturnType<typeof aProcess>) => Promise<void>]>([
  [
    'a credential is at fault',
    async ({ destination, delivery, clock }) => {
      const refused = aPage({ alertKey: 'refused' });
      destination.always.set(refused.connectionId, failed({ cause: 'credential' }));
      destination.diagnosis = { kind: 'refused' };
      await delivery.handle(0, [received(refused)]);
      await clock.advance(1000);
    },
  ],
  ['idle alerts are being looked through', async ({ delivery }) => delivery.sweep()],
  [
    'its jobs are held',
    async ({ texts, delivery, clock }) => {
      texts.kept = () => undefined;
      texts.isReadable = false;
      await delivery.handle(0, [received(aPage({ alertKey: 'held' }))]);
      await clock.advance(10);
    },
  ],
])('a lost partition leaves memory while %s', async (_when, before) => {
  const { process, lost } = await losing(before);
  expect(lost.deref()).toBeUndefined();
  expect(process.ledger.partition(1)).toBeDefined();
});
