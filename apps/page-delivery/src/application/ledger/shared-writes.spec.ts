import { describe, expect, it } from '@jest/globals';
import { aPage } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { created, failed } from '../fakes.fixtures.ts';
import { running } from './running.fixtures.ts';
import { WriteLoop } from './write-loop.ts';

describe('a write that nobody waits for', () => {
  it('is shared by the failed calls of 100 ms, and so are their outcomes', async () => {
    const process = running({ concurrency: 20 });
    let publications = 0;
    const { outcomes } = process.log;
    process.log.outcomes = (...of) => {
      publications += 1;
      return outcomes.apply(process.log, of);
    };
    await process.take(0, ...Array.from({ length: 10 }, (_, n) => aPage({ alertKey: `alert-${n}` })));
    const before = process.log.writes.length;
    for (const call of process.destination.calls.slice()) {
      await call.answer(failed());
      await process.clock.advance(5);
    }
    expect(process.log.writes).toHaveLength(before);
    await process.clock.advance(100);

    expect(process.log.writes).toHaveLength(before + 1);
    expect(process.log.writes.at(-1)).toHaveLength(10);
    await process.clock.advance(100);
    expect(process.log.published.filter(({ outcome }) => outcome === 'retried')).toHaveLength(10);
    expect(publications).toBe(1);
  });

  it('delays no answer of a page that was accepted', async () => {
    const process = running();
    const page = aPage();
    await process.take(0, page);
    await process.destination.calls[0]?.answer(created());

    expect(process.log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('is made before a stop ends', async () => {
    const process = running();
    await process.take(0, aPage());
    await process.destination.calls[0]?.answer(failed());
    await process.delivery.stop(AbortSignal.timeout(10_000));

    expect([...process.log.read(0).values()]).toMatchObject([{ pages: [{ status: 'pending', attempts: 1 }] }]);
  });
});

it('a bug in a write is no outage: the write is not repeated for ever', async () => {
  const { clock } = running();
  const log = { debug: fail, info: fail, warn: fail, error: fail };
  const writes = new WriteLoop(0, clock, log, { mayWrite: () => true });
  await expect(writes.send(() => Promise.reject(new TypeError('no such field')))).rejects.toThrow('no such field');
});

function fail(): never {
  throw new Error('nothing is logged');
}
