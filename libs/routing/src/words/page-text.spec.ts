import { describe, expect, it } from '@jest/globals';
import { maxPageDescriptionLength } from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import fc from 'fast-check';
import { cut, descriptionOf, tagsOf } from './page-text.ts';

const link = (n: number) => ({ title: `Link ${n}`, url: `https://acme.example/${n}` });

describe('cut', () => {
  it('returns a text that fits unchanged, and marks one that does not', () => {
    expect(cut('abcdef', 6, '…')).toBe('abcdef');
    expect(cut('abcdefg', 6, '…')).toBe('abcde…');
  });

  it('never splits a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 5, maxLength: 40 }),
        fc.integer({ min: 2, max: 8 }),
        (text, max) => {
          const short = cut(text, max, '…');
          expect(short.length).toBeLessThanOrEqual(max);
          expect(short.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe('descriptionOf', () => {
  it('ends with the source of the page', () => {
    const alert = anAlert({ alertKey: 'cpu', message: 'Too hot. @oncall-a', links: [link(1)] });
    expect(descriptionOf(alert)).toBe(
      'Too hot. @oncall-a\n\nSource org: acme-us\nAlert: cpu\nLink 1: https://acme.example/1',
    );
  });

  it('cuts a long message visibly and points to the full text', () => {
    const text = descriptionOf(anAlert({ message: '🔥'.repeat(100_000), links: [link(7)] }));
    expect(text.length).toBeLessThanOrEqual(maxPageDescriptionLength);
    expect(text).toContain('🔥… (cut; full text: https://acme.example/7)\n\nSource org: acme-us');
    expect(descriptionOf(anAlert({ message: 'a'.repeat(10_000) }))).toContain('a… (cut)\n\nSource org');
  });

  it('begins with the note', () => {
    const alert = anAlert({ alertKey: 'cpu', message: 'Too hot.', links: [] });
    expect(descriptionOf(alert, 'Read this.')).toBe('Read this.\n\nToo hot.\n\nSource org: acme-us\nAlert: cpu');
    const long = descriptionOf(anAlert({ message: 'a'.repeat(10_000) }), 'Read this.');
    expect(long).toMatch(/^Read this\.\n\na+… \(cut\)\n\nSource org/);
    expect(long.length).toBeLessThanOrEqual(maxPageDescriptionLength);
  });

  it('leaves room for the message however long the links are, and counts the links that it leaves out', () => {
    const links = Array.from({ length: 32 }, (_, i) => ({
      title: 'x'.repeat(256),
      url: `https://a.example/${'y'.repeat(2000)}${i}`,
    }));
    const text = descriptionOf(anAlert({ alertKey: 'k'.repeat(512), message: 'm'.repeat(9_000), links }));
    expect(text.length).toBeLessThanOrEqual(maxPageDescriptionLength);
    expect(text).toContain('m'.repeat(1_500));
    expect(text).toContain('… (31 more links at the source)');
  });
});

it('keeps a description within its limit, whatever the note, the key and the links', () => {
  const links = Array.from({ length: 32 }, () => ({
    title: '€'.repeat(256),
    url: `https://a.example/${'y'.repeat(2029)}`,
  }));
  const text = descriptionOf(
    anAlert({ alertKey: '😀'.repeat(512), message: 'm'.repeat(9000), links }),
    'n'.repeat(2000),
  );
  expect(text.length).toBeLessThanOrEqual(maxPageDescriptionLength);
  expect(text).toMatch(/^n+\n\nm{500,}… \(cut\)\n\nSource org/);
});

describe('tagsOf', () => {
  it('returns the tags of the source before those of the alert', () => {
    const alert = anAlert({ alertKey: 'cpu', transition: 'warned', priority: 'P2', tags: ['env:prod'] });
    expect(tagsOf(alert)).toEqual([
      'source-org:acme-us',
      'alert-key:cpu',
      'alert-transition:warned',
      'alert-priority:P2',
      'env:prod',
    ]);
  });

  it('leaves room for the tags of page-delivery, and counts the tags that it leaves out', () => {
    const tags = tagsOf(anAlert({ tags: Array.from({ length: 256 }, (_, i) => `n:${i}`), alertKey: 'k'.repeat(300) }));
    expect(tags).toHaveLength(250);
    expect(tags.at(-1)).toBe('tags-left-out:10');
    expect(tags[1]).toMatch(/^alert-key:k{189}…$/);
  });
});
