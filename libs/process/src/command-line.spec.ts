import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countIn, optionsOf, UsageError } from './command-line.ts';

const options = {
  'dry-run': { type: 'boolean' },
  name: { type: 'string', short: 'n' },
  yes: { type: 'boolean' },
} as const;
const former = process.env;
beforeEach(() => {
  process.env = {};
});
afterEach(() => {
  process.env = former;
});

describe('a command line', () => {
  it('gives options and texts, or nothing if it asks for help', () => {
    expect(optionsOf(['-n', 'a', 'text', '--dry-run'], options, true)).toEqual({
      ...{ name: 'a', 'dry-run': true, positionals: ['text'] },
    });
    expect(optionsOf(['--name', 'a', '-h'], options)).toBeUndefined();
  });

  it.each([
    [['--frenzy'], true, "unknown option '--frenzy'\nhint: list the options with --help"],
    [['text'], false, "unexpected argument 'text'\nhint: list the options with --help"],
    [['--name', '--yes'], false, "option '--name' argument is ambiguous\nhint: list the options with --help"],
  ])('is refused in one line, with a hint: %j', (line, allowTexts, message) => {
    expect(() => optionsOf(line, options, allowTexts)).toThrow(UsageError);
    expect(() => optionsOf(line, options, allowTexts)).toThrow(message);
  });

  it('gives whole numbers within their bounds', () => {
    expect(countIn('--rate', '200', 1, 200)).toBe(200);
    for (const text of ['0', '201', '1.5', 'many', '']) {
      expect(() => countIn('--rate', text, 1, 200)).toThrow(`--rate ${text}: not a whole number from 1 to 200`);
    }
  });
});

describe('an option that npm has taken', () => {
  it.each([
    [
      'start',
      { npm_config_dry_run: 'true' },
      'npm used --dry-run as its own option\nhint: put -- before the options: npm start -- --dry-run',
    ],
    [
      'alert',
      { npm_config_name: 'a' },
      'npm used --name as its own option\nhint: put -- before the options: npm run alert -- --name …',
    ],
    ['alert', { npm_config_n: 'true' }, 'npm used --name as its own option'],
  ])('is refused with the command that passes it: %s %j', (script, env, message) => {
    process.env = { npm_lifecycle_event: script, ...env };
    expect(() => optionsOf([], options)).toThrow(message);
  });

  it('is not suspected where the program has it, without npm, or where the variable says no', () => {
    process.env = { npm_lifecycle_event: 'alert', npm_config_name: 'a', npm_config_dry_run: '' };
    expect(optionsOf(['--name=a'], options)).toMatchObject({ name: 'a' });
    process.env = { npm_config_name: 'a' };
    expect(optionsOf([], options)).toEqual({ positionals: [] });
  });

  it('is not suspected of --yes and --registry, which many machines set for npm itself', () => {
    const registry = 'https://npm.example.com';
    process.env = { npm_lifecycle_event: 'pagebridge', npm_config_yes: 'true', npm_config_registry: registry };
    expect(optionsOf([], { ...options, registry: { type: 'string' } })).toEqual({ positionals: [] });
  });
});
