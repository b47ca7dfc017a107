import { describe, expect, it } from '@jest/globals';
import { mentionSpans } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { piecesOf, placesOf } from './marks.ts';
import type { Decision } from './queries.ts';

const pieces = ['@oncall-core', '@oncall-core-infr', '.', ':', ' ', '\n', 'a', '(', '障害', '@'];
const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join(''));
const unknown = (mention: string, ...namesTried: string[]): Decision => ({
  kind: 'unrouted',
  reason: 'unknown-handle',
  mention,
  namesTried,
});
const numbersIn = (text: string, decisions: readonly Decision[]) =>
  piecesOf(text, decisions).flatMap(({ isHandle, text: handle, number }) => (isHandle ? [[handle, number]] : []));

describe('piecesOf', () => {
  it('returns the text in parts, with a part for each mention', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parts = piecesOf(text, []);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        const starts = parts.flatMap(({ isHandle, at }) => (isHandle ? [at] : []));
        expect(starts).toEqual(mentionSpans(text).map(({ start }) => start));
      }),
    );
  });

  it('numbers the mentions by their decisions, also where punctuation follows the same handle', () => {
    const decisions = [
      unknown('core-infr.', 'core-infr.', 'core-infr'),
      { kind: 'page', mention: 'net', name: 'net' },
    ] as const;
    expect(numbersIn('@oncall-core-infr. @oncall-net: @OnCall-core-infr', decisions)).toEqual([
      ['@oncall-core-infr.', 1],
      ['@oncall-net:', 2],
      ['@OnCall-core-infr', 1],
    ]);
  });

  it('numbers a mention that pages the fallback by itself, and not by the name of the fallback', () => {
    const fallback: Decision = { kind: 'page', matched: 'fallback', mention: 'x', name: 'ops', namesTried: ['x'] };
    expect(numbersIn('@oncall-x @oncall-ops', [fallback])).toEqual([
      ['@oncall-x', 1],
      ['@oncall-ops', undefined],
    ]);
  });

  it('numbers nothing of a recovery', () => {
    expect(numbersIn('@oncall-x', [{ kind: 'resolve' }])).toEqual([['@oncall-x', undefined]]);
  });
});

describe('placesOf', () => {
  it('finds each mention of a handle, last first, and leaves its punctuation', () => {
    const text = 'see @oncall-core-infr. (@oncall-core-infra) @oncall-core-infr';
    expect(placesOf(text, 'core-infr.').map(({ start, end }) => [start, text.slice(start, end)])).toEqual([
      [44, '@oncall-core-infr'],
      [4, '@oncall-core-infr'],
    ]);
  });

  it('leaves a text in which the other handle is mentioned in each of these places', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let after = text;
        for (const { start, end } of placesOf(text, 'core-infr')) {
          after = `${after.slice(0, start)}@oncall-core-infra${after.slice(end)}`;
        }
        expect(placesOf(after, 'core-infr')).toEqual([]);
        const were = [...placesOf(text, 'core-infr'), ...placesOf(text, 'core-infra')];
        expect(placesOf(after, 'core-infra')).toHaveLength(were.length);
      }),
    );
  });
});
