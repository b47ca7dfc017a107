import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maxMentionLength, mentionsIn, namesWithin, teamHandlePattern } from './handle.ts';

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

describe('namesWithin', () => {
  it('yields the whole mention first, then strips trailing punctuation one character at a time', () => {
    expect([...namesWithin('a-b_.:')]).toEqual(['a-b_.:', 'a-b_.', 'a-b_', 'a-b']);
  });

  it('yields nothing longer than the longest possible name', () => {
    expect([...namesWithin('a'.repeat(maxMentionLength + 1))]).toEqual([]);
    expect([...namesWithin(`ab${'.'.repeat(maxMentionLength)}`)]).toHaveLength(maxMentionLength - 1);
  });
});
