import { expect, it } from '@jest/globals';
import { settled } from '@pagebridge/testing';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, failed } from '../fakes.fixtures.ts';

const backupId = '00000000-0000-4000-8000-00000000000b';
const failover = { connectionId: backupId, teamId: 'ops', teamHandle: 'ops', afterSeconds: 1 };

/** Returns the pages whose calls start after a rate limit that ends while overdue pages fail over to a connection of the same destination. */
async function startedAfter(retryAfterMs: number): Promise<string[]> {
  const process = aProcess();
  // Time passes while code runs.
  let passed = 0;
  const elapsed = process.clock.elapsedMs.bind(process.clock);
  process.clock.elapsedMs = () => {
    passed += 0.02;
    return elapsed() + passed;
  };
  process.own();
  const destinationOrg = { id: 'dest-org', name: 'Dest' };
  process.connect({ destinationOrg });
  process.connect({ connectionId: backupId, destinationOrg });
  // The texts are not in memory.
  const reading: (() => void)[] = [];
  const started: string[] = [];
  const read = process.texts.read.bind(process.texts);
  process.texts.kept = () => undefined;
  process.texts.read = async (...of) => {
    started.push(`${of[2].pageId} ${of[2].connectionId}`);
    await new Promise<void>((resolve) => void reading.push(resolve));
    return read(...of);
  };
  const textsRead = async () => {
    for (const resolve of reading.splice(0)) resolve();
    await settled();
  };
  await process.delivery.handle(0, [received(aPage({ alertKey: 'first' }))]);
  await textsRead();
  await process.destination.calls[0]?.answer(failed({ cause: 'rate-limited', retryAfterMs }));
  const overdue = [0, 1, 2].map((n) => received(aPage({ alertKey: `overdue-${n}`, failover })));
  await process.delivery.handle(0, overdue);
  await process.clock.advance(1000);
  for (let turn = 0; turn < 5; turn += 1) {
    await textsRead();
    await process.clock.advance(5);
  }
  return started;
}

it('the call of a page that fails over while it starts is started once', async () => {
  let backups = 0;
  for (let n = 0; n < 30; n += 1) {
    const started = (await startedAfter(1000 + n / 10)).slice(1);
    backups += started.filter((page) => page.endsWith(backupId)).length;
    expect(started).toEqual([...new Set(started)]);
  }
  expect(backups).toBeGreaterThan(30);
});
