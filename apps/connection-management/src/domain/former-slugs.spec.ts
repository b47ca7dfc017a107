import { describe, expect, it } from '@jest/globals';
import { aConnection, minute } from './connection.fixtures.ts';
import { changed } from './connection.ts';

const graceMs = 10 * 60_000;
const renamed = (...slugs: string[]) =>
  slugs.reduce((so, slug, i) => changed(so, { slug }, minute(i), graceMs), aConnection({ slug: 'first' }));

describe('a changed slug', () => {
  it('stays valid for the grace period, and the latest comes first', () => {
    expect(renamed('second', 'third')).toMatchObject({
      slug: 'third',
      slugSince: minute(1),
      formerSlugs: [
        { slug: 'second', validUntil: minute(11) },
        { slug: 'first', validUntil: minute(10) },
      ],
    });
  });

  it('is dropped after its grace period, and at once without one', () => {
    const later = changed(renamed('second'), { slug: 'third' }, minute(30), graceMs);
    expect(later.formerSlugs).toEqual([{ slug: 'second', validUntil: minute(40) }]);
    expect(changed(aConnection(), { slug: 'second' }, minute(0), 0).formerSlugs).toEqual([]);
  });

  it('is not listed as former once the connection has it again, and never twice', () => {
    expect(renamed('second', 'first').formerSlugs.map(({ slug }) => slug)).toEqual(['second']);
    expect(renamed('second', 'first', 'second', 'third').formerSlugs.map(({ slug }) => slug)).toEqual([
      'second',
      'first',
    ]);
  });

  it('leaves at most twenty former slugs', () => {
    const slugs = Array.from({ length: 30 }, (_, i) => `slug-${i}`);
    const connection = slugs.reduce((so, slug) => changed(so, { slug }, minute(0), graceMs), aConnection());
    expect(connection.formerSlugs).toHaveLength(20);
  });
});
