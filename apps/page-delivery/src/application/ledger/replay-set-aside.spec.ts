import { expect, it } from '@jest/globals';
import { aPage, received } from '../../domain/commands/commands.features.ts';
import type { LedgerWrite } from '../ports.ts';
import { running } from './running.features.ts';

const large = 'acme-us/large';
const holdsWords = ({ key, state }: LedgerWrite) => key === large && (state?.pages ?? []).some((page) => page.content);

it('a page that is replayed before the ledger holds that it was set aside is called for', async () => {
  const process = running();
  process.log.refuses = holdsWords;
  const release = process.log.holdDeadLetters();
  const page = aPage({ alertKey: 'large' });
  const taken = process.delivery.take(0, [received(page)]);
  await process.clock.advance(1);
  process.log.refuses = () => false;
  const replay = { from: 'paging.page-commands.v1.dead/0/1', possibleDuplicate: false };
  const replayed = process.delivery.take(0, [{ ...received(page), replay }]);
  await process.clock.advance(1);
  release();
  await process.clock.advance(10_000);
  await Promise.all([taken, replayed]);

  expect(process.destination.calls).toHaveLength(1);
});
