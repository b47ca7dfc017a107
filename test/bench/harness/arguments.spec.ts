import { describe, expect, it } from '@jest/globals';
import { askedFor, commandOf, helpText } from './arguments.ts';

const known = ['routing', 'storm'];

describe('the command line of a benchmark', () => {
  it('names what is measured and how', () => {
    expect(askedFor(['storm', '--quick', '--secure', '--profile', '--rounds', '5', '--only', 'dead'], known)).toEqual({
      kind: 'run',
      options: {
        bench: 'storm',
        quick: true,
        long: false,
        secure: true,
        profile: true,
        rounds: 5,
        only: 'dead',
        beside: undefined,
      },
    });
  });

  it('leaves the rounds to the benchmark', () => {
    expect(askedFor(['--', 'routing'], known)).toEqual({
      kind: 'run',
      options: {
        bench: 'routing',
        quick: false,
        long: false,
        secure: false,
        profile: false,
        rounds: undefined,
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
    [['storm', '--fast'], '--fast'],
    [['storm', '--beside', '/nowhere'], '/nowhere'],
  ])('%j is refused, naming what is wrong', (args, complaint) => {
    expect(askedFor(args, known)).toEqual({ kind: 'wrong', complaint: expect.stringContaining(complaint) });
  });

  it('is told with the figures, so that anybody can ask for them again', () => {
    const options = {
      bench: 'growth',
      quick: false,
      long: false,
      secure: false,
      profile: true,
      rounds: 5,
      only: 'ledger, 0',
      beside: undefined,
    };
    expect(commandOf(options)).toBe("npm run bench:growth -- --rounds 5 --only 'ledger, 0'");
    expect(commandOf({ ...options, rounds: undefined, only: '' })).toBe('npm run bench:growth');
  });

  it('shows every benchmark when asked for help', () => {
    expect(askedFor(['storm', '--help'], known)).toEqual({ kind: 'help' });
    const questions = [
      ['routing', 'How fast?'],
      ['storm', 'How fair?'],
    ] as const;
    expect(helpText(questions)).toMatch(/routing {2}How fast\?\n {2}storm {4}How fair\?/);
  });
});
