import { expect, it } from '@jest/globals';
import type { Episode } from './episode.ts';
import { EpisodeTable } from './episode-table.ts';

const episode = (open: boolean): Episode => ({
  open,
  startsAt: undefined,
  occurredAt: 0,
  recoveredAt: open ? undefined : 0,
  publishedAt: 0,
  repeats: 0,
  digest: '',
});

it('an org that has most forgets first, what has recovered before what fires, the oldest first', () => {
  const table = new EpisodeTable(5);
  table.set('small', 'old', episode(false));
  for (const key of ['fires', 'a', 'b', 'c']) table.set('large', key, episode(key === 'fires'));
  // It changes, so that it is no longer the oldest.
  table.set('large', 'a', episode(false));
  table.set('small', 'new', episode(true));
  expect(table.forget()).toEqual([{ sourceOrg: 'large', alertKey: 'b' }]);
  table.set('small', 'newer', episode(true));
  table.set('large', 'd', episode(false));
  expect(table.forget().map(({ alertKey }) => alertKey)).toEqual(['c', 'old']);
  expect(table.get('large', 'fires')).toBeDefined();
  expect(table.size).toBe(5);
});

it('an alert is in one state only', () => {
  const table = new EpisodeTable(5);
  table.set('acme', 'a', episode(true));
  table.set('acme', 'a', episode(false));
  expect([table.size, table.get('acme', 'a')?.open]).toEqual([1, false]);
  table.delete('acme', 'a');
  expect([table.size, table.get('acme', 'a')]).toEqual([0, undefined]);
});
