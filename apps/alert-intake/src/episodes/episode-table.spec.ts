import { expect, it } from '@jest/globals';
import fc from 'fast-check';
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
  expect(table.takeForgotten(10)).toEqual(['large/b']);
  table.set('small', 'newer', episode(true));
  table.set('large', 'd', episode(false));
  expect(table.takeForgotten(1)).toEqual(['large/c']);
  expect(table.takeForgotten(10)).toEqual(['small/old']);
  expect(table.get('large', 'fires')).toBeDefined();
  expect(table.size).toBe(5);
});

it('never has more alerts than it may, whatever is remembered at once, and forgets no key that it has again', () => {
  const change = fc.record({ org: fc.constantFrom('a', 'b', 'c'), key: fc.nat(30).map(String), open: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.oneof(change, change, fc.constant('taken' as const)), { maxLength: 200 }), (changes) => {
      const table = new EpisodeTable(10);
      const known = new Map<string, boolean>();
      for (const each of changes) {
        if (each === 'taken') table.takeForgotten(3);
        else {
          table.set(each.org, each.key, episode(each.open));
          known.set(`${each.org}/${each.key}`, each.open);
        }
        expect(table.size).toBeLessThanOrEqual(10);
      }
      const has = [...known].filter(([key, open]) => table.get(key.slice(0, 1), key.slice(2))?.open === open);
      expect(has).toHaveLength(table.size);
      for (const key of table.takeForgotten(1000)) expect(table.get(key.slice(0, 1), key.slice(2))).toBeUndefined();
    }),
  );
});

it('lets the topic keep an alert that is remembered again before its tombstone was written', () => {
  const table = new EpisodeTable(1);
  for (const key of ['a', 'b', 'c']) table.set('acme', key, episode(false));
  table.settle('acme', 'a');
  expect(table.takeForgotten(10)).toEqual(['acme/b']);
});

it('forgets as fast when it has forgotten many as at first', () => {
  const costOf = (table: EpisodeTable, from: number) => {
    const { user } = process.cpuUsage();
    for (let key = from; key < from + 20_000; key += 1) table.set('flood', String(key), episode(false));
    return process.cpuUsage().user - user;
  };
  const table = new EpisodeTable(200_000);
  for (let key = 0; key < 200_000; key += 1) table.set('flood', String(key), episode(false));
  const costs = Array.from({ length: 8 }, (_, i) => costOf(table, 200_000 + i * 20_000));
  // Each look for the oldest used to pass all that was forgotten before: the last took seconds.
  expect(Math.min(...costs.slice(4))).toBeLessThan(10 * Math.min(...costs.slice(0, 4)));
});

it('bounds the keys that the topic is still to forget', () => {
  const table = new EpisodeTable(1000);
  for (let key = 0; key < 50_000; key += 1) table.set('flood', String(key), episode(true));
  expect(table.size).toBe(1000);
  expect(table.takeForgotten(100_000)).toHaveLength(10_000);
});

it('an alert is in one state only', () => {
  const table = new EpisodeTable(5);
  table.set('acme', 'a', episode(true));
  table.set('acme', 'a', episode(false));
  expect([table.size, table.get('acme', 'a')?.open]).toEqual([1, false]);
  table.delete('acme', 'a');
  expect([table.size, table.get('acme', 'a')]).toEqual([0, undefined]);
});
