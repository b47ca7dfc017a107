import { describe, expect, it } from '@jest/globals';
import { argumentsOf } from './arguments.ts';

describe('the command line', () => {
  it('reseals all, twenty per second, without options', () => {
    expect(argumentsOf([])).toEqual({ plan: false, rate: 20, org: undefined });
    expect(argumentsOf(['--plan', '--rate', '5', '--org', 'acme-us'])).toEqual({ plan: true, rate: 5, org: 'acme-us' });
    expect(argumentsOf(['--help', '--rate', 'x'])).toBeUndefined();
  });

  it.each([
    [['--frenzy'], "'--frenzy'"],
    [['all'], "'all'"],
    [['--rate', '0'], '--rate 0'],
    [['--rate', '201'], '--rate 201'],
    [['--org', 'Acme US'], '--org Acme US'],
    [['--org', ''], '--org '],
  ])('refuses %j', (line, message) => {
    expect(() => argumentsOf(line)).toThrow(message);
  });
});
