import { describe, expect, it } from '@jest/globals';
import { benchOptionsOf, commandOf, helpText } from './arguments.ts';

const known = ['routing', 'storm'];

describe('the command line of a benchmark', () => {
  it('selects the benchmark and its options', () => {
    expect(
      benchOptionsOf(
        ['storm', '--quick', '--secure', '--profile', '--rounds', '5', '--pages', '9', '--contenders', 'dead'],
        known,
      ),
    ).toEqual({
      bench: 'storm',
      quick: true,
      long: false,
      secure: true,
      profile: true,
      rounds: 5,
      pages: 9,
      contenders: 'dead',
      beside: undefined,
    });
  });

  it('leaves the number of rounds to the benchmark by default', () => {
    expect(benchOptionsOf(['routing'], known)).toEqual({
      bench: 'routing',
      quick: false,
      long: false,
      secure: false,
      profile: false,
      rounds: undefined,
      pages: undefined,
      contenders: '',
      beside: undefined,
    });
  });

  it.each([
    [[], 'got none'],
    [['drizzle'], 'drizzle'],
    [['storm', 'routing'], 'storm routing'],
    [['storm', '--rounds', '0'], '--rounds'],
    [['storm', '--rounds', 'many'], 'many'],
    [['storm', '--pages', '-1'], '--pages'],
    [['storm', '--fast'], '--fast'],
    [['storm', '--beside', '/nowhere'], '/nowhere'],
  ])('%j is refused with the reason', (args, complaint) => {
    expect(() => benchOptionsOf(args, known)).toThrow(complaint);
  });

  it('is part of the result, so that anybody can repeat the benchmark', () => {
    const options = {
      bench: 'flood',
      quick: false,
      long: false,
      secure: false,
      profile: true,
      rounds: 5,
      pages: 70_000,
      contenders: 'ledger, 0',
      beside: undefined,
    };
    expect(commandOf(options)).toBe("npm run bench -- flood --rounds 5 --pages 70000 --contenders 'ledger, 0'");
    expect(commandOf({ ...options, rounds: undefined, pages: undefined, contenders: '' })).toBe(
      'npm run bench -- flood',
    );
  });

  it('lists every benchmark in its help', () => {
    expect(benchOptionsOf(['storm', '--help'], known)).toBeUndefined();
    const questions = [
      ['routing', 'How fast?'],
      ['storm', 'How fair?'],
    ] as const;
    expect(helpText(questions)).toMatch(/routing {2}How fast\?\n {2}storm {4}How fair\?/);
  });
});
