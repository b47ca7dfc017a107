import { describe, expect, it } from '@jest/globals';
import { sentencesOf } from './problem.ts';

const cure = 'Give another name.';

describe('what is said of a field', () => {
  it.each([
    ['name is taken: another connection has it', 'It is taken: another connection has it. Give another name.'],
    ['name: no active connection knows it', 'No active connection knows it. Give another name.'],
    ['the token would have more', 'The token would have more. Give another name.'],
    ['names are long', 'Names are long. Give another name.'],
  ])('as "%s" stands beside it without its name', (message, sentences) => {
    expect(sentencesOf({ field: 'name', message, cure })).toBe(sentences);
  });

  it('needs no cure', () => {
    expect(sentencesOf({ field: 'name', message: 'name is wrong' })).toBe('It is wrong.');
  });
});
