import { describe, expect, it } from '@jest/globals';
import { aPage, aResolve, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed, type Setup } from '../fakes.fixtures.ts';

const ids = ['6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10'] as const;
const [dead, well] = ids;
const minute = 60_000;

const running = (setup: Setup = {}) => {
  const process = aProcess(setup);
  for (const connectionId of ids) process.connect({ connectionId });
  process.own();
  const take = async (connectionId: string, alertKey: string = connectionId) => {
    const time = process.clock.now().toISOString();
    await process.delivery.handle(0, [{ ...received(aPage({ connectionId, alertKey })), time }]);
    await process.clock.advance(0);
  };
  const waits = (ms: number) =>
    process.lanes
      .longestWaits(ms)
      .map(({ connectionId, callKind }) => `${callKind} ${connectionId === dead ? 'dead' : 'well'}`);
  return { ...process, take, waits };
};

describe('the longest waits', () => {
  it('are of the connections whose pages wait, and of no other', async () => {
    const process = running();
    process.destination.always.set(dead, failed());
    process.destination.always.set(well, created());
    await process.take(dead);
    await process.take(well);
    expect(process.waits(minute)).toEqual([]);
    await process.clock.advance(minute);
    expect(process.waits(minute)).toEqual(['create dead']);

    process.destination.always.set(dead, created());
    await process.clock.advance(2 * minute);
    expect(process.waits(0)).toEqual([]);
  });

  it('go on while a call is running, while its answer is written, and before the next one', async () => {
    const process = running();
    await process.take(dead);
    for (let n = 0; n < 5; n += 1) {
      const waiting = [process.waits(n * minute)];
      const release = process.log.hold();
      await process.destination.calls.at(-1)?.answer(failed({ cause: 'timeout' }));
      waiting.push(process.waits(n * minute));
      release();
      await process.clock.advance(0);
      waiting.push(process.waits(n * minute));
      await process.clock.advance(minute);
      expect(waiting).toEqual([['create dead'], ['create dead'], ['create dead']]);
    }
    expect(process.destination.calls).toHaveLength(6);
    await process.destination.calls.at(-1)?.answer(created());
    expect(process.waits(0)).toEqual([]);
  });

  it('go on while a slow write of the ledger delays a call', async () => {
    const process = running();
    const release = process.log.hold();
    const taking = process.take(dead);
    for (let second = 0; second < 30; second += 1) {
      await process.clock.advance(1000);
      expect(process.waits(0)).toEqual(['create dead']);
    }
    release();
    await taking;
  });

  it('are those of creates before those of resolves, and the longer ones first', async () => {
    const process = running();
    process.destination.always.set(dead, created());
    await process.take(dead);
    process.destination.always.set(dead, failed());
    await process.delivery.handle(0, [received(aResolve({ alertKey: dead }))]);
    await process.clock.advance(minute);
    process.destination.always.set(well, failed());
    await process.take(well);
    expect(process.waits(0)).toEqual(['create well', 'resolve dead']);
    await process.clock.advance(minute);
    await process.take(dead, 'later');
    expect(process.waits(0)).toEqual(['create well', 'create dead', 'resolve dead']);
  });
});

describe('the refused connections', () => {
  it('come in the order in which their credentials were refused, as long as a page waits for them', async () => {
    const process = running();
    const refusal = failed({ cause: 'credential', detail: 'answered 401' });
    // Its lane is the older one.
    process.destination.always.set(dead, created());
    await process.take(dead, 'earlier');
    for (const id of [well, dead]) {
      process.destination.always.set(id, refusal);
      await process.take(id);
      await process.clock.advance(minute);
    }
    expect(process.lanes.refused()).toEqual([well, dead]);

    await process.delivery.handle(0, [received(aResolve({ alertKey: well }))]);
    expect(process.lanes.refused()).toEqual([dead]);
    process.destination.always.set(dead, created());
    await process.clock.advance(2 * minute);
    expect(process.lanes.refused()).toEqual([]);
  });
});
