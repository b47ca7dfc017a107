import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { slugPattern } from './handle.ts';
import { freeSlug, slugFrom } from './slug.ts';

const pattern = new RegExp(slugPattern);

describe('slugFrom', () => {
  it.each([
    ['Globex Europe', 'globex-europe'],
    ['  Zürich / Core__Infra! ', 'zurich-core-infra'],
    ['EU1', 'eu1'],
    ['障害', 'connection'],
    ['a'.repeat(80), 'a'.repeat(63)],
    [`${'-'.repeat(70)}x`, 'x'],
  ])('turns %j into the slug %s', (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });

  it('returns a valid slug for any name', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => pattern.test(slugFrom(name))));
  });
});

describe('freeSlug', () => {
  it('counts up from two until the slug is free', () => {
    expect(freeSlug('globex', new Set())).toBe('globex');
    expect(freeSlug('globex', new Set(['globex', 'globex-2']))).toBe('globex-3');
  });

  it('returns a valid, free slug for any length and number', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 30 }), (name, count) => {
        const taken = new Set<string>();
        for (let i = 0; i <= count; i += 1) {
          const slug = freeSlug(slugFrom(name), taken);
          expect(slug).toMatch(pattern);
          expect(taken.has(slug)).toBe(false);
          taken.add(slug);
        }
      }),
    );
  });
});
