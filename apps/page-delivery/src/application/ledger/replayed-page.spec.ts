import { expect, it } from '@jest/globals';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { created, failed } from '../fakes.fixtures.ts';
import type { LedgerWrite } from '../ports.ts';
import { running } from './running.fixtures.ts';

const large = 'acme-us/large';
const isWhole = ({ key, state }: LedgerWrite) => key === large && (state?.pages ?? []).some((page) => page.title);

it('a page is paged if it is replayed before the ledger holds that it was set aside', async () => {
  const process = running();
  process.log.refuses = isWhole;
  const release = process.log.holdDeadLetters();
  const page = aPage({ alertKey: 'large' });
  const taken = process.delivery.handle(0, [received(page)]);
  await process.clock.advance(1);
  process.log.refuses = () => false;
  const replay = { from: 'paging.page-commands.v1.dead/0/1', possibleDuplicate: false };
  const replayed = process.delivery.handle(0, [{ ...received(page), replay }]);
  await process.clock.advance(1);
  release();
  await process.clock.advance(10_000);
  await Promise.all([taken, replayed]);

  expect(process.destination.calls).toHaveLength(1);
});

it('a page that is replayed while its end is being written is attempted once, and again after its backoff', async () => {
  const process = running({ concurrency: 1 });
  const page = aPage({ alertKey: 'refused' });
  await process.take(0, page);
  const release = process.log.hold();
  await process.destination.calls[0]?.answer({ kind: 'refused', detail: 'no such team' });
  const other = process.delivery.handle(0, [received(aPage({ alertKey: 'other' }))]);
  const replay = { from: 'paging.page-commands.v1.dead/0/1', possibleDuplicate: false };
  const replayed = process.delivery.handle(0, [{ ...received(page), replay }]);
  await process.clock.advance(1);
  release();
  await Promise.all([other, replayed]);
  await process.clock.advance(1);
  await process.destination.calls[1]?.answer(created());
  await process.clock.advance(1);
  await process.destination.calls[2]?.answer(failed());

  await process.clock.advance(990);
  expect(process.destination.calls.map(({ pageId }) => pageId === page.pageId)).toEqual([true, false, true]);
  await process.clock.advance(100);
  expect(process.destination.calls).toHaveLength(4);
});
