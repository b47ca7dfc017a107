import { describe, expect, it } from '@jest/globals';
import { entityTag, judgeIfMatch } from './entity-tag.ts';

describe('judgeIfMatch', () => {
  it('holds for the tag of the present version, alone, in a list, or as *', () => {
    expect(judgeIfMatch(entityTag(7, 3), 7)).toBe('holds');
    expect(judgeIfMatch('"1.0", "7.3"', 7)).toBe('holds');
    expect(judgeIfMatch('*', 7)).toBe('holds');
  });

  it('holds if only the state has changed', () => {
    expect(judgeIfMatch(entityTag(7, 3), 7)).toBe(judgeIfMatch(entityTag(7, 9), 7));
  });

  it.each(['"6.3"', 'W/"7.3"', '"77"', '"x"', '"6.3","5"', '""'])('is stale for %s', (tag) => {
    expect(judgeIfMatch(tag, 7)).toBe('stale');
  });

  it.each(['7', '7.3', '"7.3', "'7.3'", 'x', '"6.3", 7.3', '*, "7.3"', ','])('is malformed for %s', (tag) => {
    expect(judgeIfMatch(tag, 7)).toBe('malformed');
  });

  it.each([undefined, '', ' '])('is missing for %j', (tag) => {
    expect(judgeIfMatch(tag, 7)).toBe('missing');
  });
});
