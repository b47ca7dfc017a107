import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maxMentionLength, mentionAt, mentionSpans, mentionsIn, namesWithin, teamHandlePattern } from './handle.ts';

describe('mentionsIn', () => {
  it.each([
    ['at the start', '@oncall-core-infra down', ['core-infra']],
    ['after a space, with the sentence dot kept', 'memory. @oncall-core-infra.', ['core-infra.']],
    [
      'after brackets, quotes, commas and markdown',
      '(@oncall-a) "@oncall-b",@oncall-c *@oncall-d* <@oncall-e> `@oncall-f`',
      ['a', 'b', 'c', 'd', 'e', 'f'],
    ],
    ['upper case, lower-cased', '@OnCall-Core-Infra', ['core-infra']],
    ['with dots, colons, slashes and underscores', '@oncall-a.b_c:d/e', ['a.b_c:d/e']],
    ['once, however often', '@oncall-a @oncall-a @ONCALL-A', ['a']],
    ['on each line', 'x\n@oncall-a\n@oncall-b', ['a', 'b']],
    ['after a non-latin full stop', '障害。@oncall-a', ['a']],
  ])('finds a mention %s', (_where, text, expected) => {
    expect(mentionsIn(text)).toEqual(expected);
  });

  it.each([
    ['an e-mail address', 'mail a@oncall-x.com'],
    ['a bare prefix', 'page @oncall- now'],
    ['after a letter of another script', '障害@oncall-x'],
    ['after a letter outside the basic plane', '𝒜@oncall-x'],
    ...[...'._-:/@+%=&?#9z'].map((c) => [`after "${c}"`, `${c}@oncall-x`] as const),
    ['the team channel', '@team-core-infra'],
  ])('finds none in %s', (_what, text) => {
    expect(mentionsIn(text)).toEqual([]);
  });

  it('finds every legal handle between any two separators', () => {
    const handle = fc.stringMatching(new RegExp(teamHandlePattern));
    fc.assert(
      fc.property(handle, fc.constantFrom(' ', '\n', ',', '(', '"', '*', '<', '`'), (name, before) => {
        expect(mentionsIn(`text${before}@oncall-${name}!`)).toEqual([name]);
      }),
    );
  });

  it('reads a text full of mentions in one pass', () => {
    const text = '@oncall-'.repeat(10_000) + Array.from({ length: 10_000 }, (_, i) => ` @oncall-team-${i}`).join('');
    expect(mentionsIn(text)).toHaveLength(10_000);
  });
});

const pieces = [
  '@',
  '@oncall-',
  '@OnCall-',
  'oncall-',
  'onc',
  'core-infra',
  'a',
  'Z',
  '9',
  ...'._:/-+%=&?# \n(,。害𝒜',
  '\ud800',
];
const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
const carets = texts.chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length)));

describe('mentionSpans', () => {
  it('places the mentions that mentionsIn finds, in order and apart', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const spans = mentionSpans(text);
        expect([...new Set(spans.map(({ mention }) => mention))]).toEqual(mentionsIn(text));
        let last = 0;
        for (const { start, end, mention } of spans) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(text.slice(start, end).toLowerCase()).toBe(`@oncall-${mention}`);
          last = end;
        }
      }),
    );
  });
});

describe('mentionAt', () => {
  it.each([
    ['@', 1, [0, 1, '']],
    ['see @onc', 8, [4, 8, '']],
    ['see @Net', 8, [4, 8, 'net']],
    ['see @oncall-Net', 15, [4, 15, 'net']],
    ['@oncall-core-infra. Next', 12, [0, 18, 'core']],
    ['@oncall-core-infra. Next', 19, [0, 19, 'core-infra.']],
  ])('finds in "%s" at %i the handle that is being written', (text, caret, [start, end, query]) => {
    expect(mentionAt(text, caret)).toEqual({ start, end, query });
  });

  it.each([
    ['', 0],
    ['@oncall-a', 0],
    ['@oncall-a b', 11],
    ['mail a@', 7],
    ['/@oncall-a', 10],
  ])('finds none in "%s" at %i', (text, caret) => {
    expect(mentionAt(text, caret)).toBeUndefined();
  });

  it('finds a handle wherever mentionsIn sees a mention begin, and nowhere else', () => {
    fc.assert(
      fc.property(carets, ([text, caret]) => {
        const at = text.slice(0, caret).lastIndexOf('@');
        const isRun = at >= 0 && /^[a-z0-9._:/-]*$/i.test(text.slice(at + 1, caret));
        const isSeen = mentionSpans(`${text.slice(0, at)}@oncall-x`).some(({ start }) => start === at);
        expect(mentionAt(text, caret)?.start).toBe(isRun && isSeen ? at : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('names a place in which any handle is a mention', () => {
    fc.assert(
      fc.property(carets, ([text, caret]) => {
        const place = mentionAt(text, caret);
        if (!place) return;
        const { start, end } = place;
        const written = `${text.slice(0, start)}@oncall-core${text.slice(end)}`;
        const span = mentionSpans(written).find((one) => one.start === start);
        expect([...namesWithin(span?.mention ?? '')]).toContain('core');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('namesWithin', () => {
  it('yields the whole mention first, then strips trailing punctuation one character at a time', () => {
    expect([...namesWithin('a-b_.:')]).toEqual(['a-b_.:', 'a-b_.', 'a-b_', 'a-b']);
  });

  it('yields nothing longer than the longest possible name', () => {
    expect([...namesWithin('a'.repeat(maxMentionLength + 1))]).toEqual([]);
    expect([...namesWithin(`ab${'.'.repeat(maxMentionLength)}`)]).toHaveLength(maxMentionLength - 1);
  });
});
