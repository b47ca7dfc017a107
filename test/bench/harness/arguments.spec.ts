import { describe, expect, it } from '@jest/globals';
import { commandOf, helpText, parseArguments } from './arguments.ts';

const known = ['routing', 'storm'];

describe('the command line of a benchmark', () => {
  it('selects the benchmark and its options', () => {
    expect(
      parseArguments(
        ['storm', '--quick', '--secure', '--profile', '--rounds', '5', '--pages', '9', '--only', 'dead'],
        known,
      ),
    ).toEqual({
      kind: 'run',
      options: {
        bench: 'storm',
        quick: true,
        long: false,
        secure: true,
        profile: true,
        rounds: 5,
        pages: 9,
        only: 'dead',
        beside: undefined,
      },
    });
  });

  it('leaves the number of rounds to the benchmark by default', () => {
    expect(parseArguments(['--', 'routing'], known)).toEqual({
      kind: 'run',
      options: {
        bench: 'routing',
        quick: false,
        long: false,
        secure: false,
        profile: false,
        rounds: undefined,
        pages: undefined,
        only: '',
        beside: undefined,
      },
    });
  });

  it.each([
    [[], 'nothing'],
    [['drizzle'], 'drizzle'],
    [['storm', 'routing'], 'storm routing'],
    [['storm', '--rounds', '0'], '--rounds'],
    [['storm', '--rounds', 'many'], 'many'],
    [['storm', '--pages', '-1'], '--pages'],
    [['storm', '--fast'], '--fast'],
    [['storm', '--beside', '/nowhere'], '/nowhere'],
  ])('%j is refused with the reason', (args, complaint) => {
    expect(parseArguments(args, known)).toEqual({ kind: 'wrong', complaint: expect.stringContaining(complaint) });
  });

  it('is part of the result, so that anybody can repeat the benchmark', () => {
    const options = {
      bench: 'growth',
      quick: false,
      long: false,
      secure: false,
      profile: true,
      rounds: 5,
      pages: 70_000,
      only: 'ledger, 0',
      beside: undefined,
    };
    expect(commandOf(options)).toBe("npm run bench:growth -- --rounds 5 --pages 70000 --only 'ledger, 0'");
    expect(commandOf({ ...options, rounds: undefined, pages: undefined, only: '' })).toBe('npm run bench:growth');
  });

  it('lists every benchmark in its help', () => {
    expect(parseArguments(['storm', '--help'], known)).toEqual({ kind: 'help' });
    const questions = [
      ['routing', 'How fast?'],
      ['storm', 'How fair?'],
    ] as const;
    expect(helpText(questions)).toMatch(/routing {2}How fast\?\n {2}storm {4}How fair\?/);
  });
});
