import { describe, expect, it } from '@jest/globals';
import { aboutOf, foundBy, withResult } from './check-words.ts';
import type { Check } from './use-checks.ts';

const check = (name: string, result: Check['result'], detail = ''): Check => ({ name, result, detail });

describe('foundBy', () => {
  it.each([
    [
      check('permission:on_call_page', 'failed', 'missing: needed for creating pages'),
      'on_call_page is missing: needed for creating pages',
    ],
    [
      check('permission:teams_read', 'unknown', "the destination did not list the account's permissions"),
      "teams_read: the destination did not list the account's permissions",
    ],
    [check('api-key', 'failed', 'the destination rejects the API key'), 'api key: the destination rejects the API key'],
  ])('says what %j found', (its, words) => {
    expect(foundBy(its)).toBe(words);
  });
});

describe('aboutOf', () => {
  it('names any check in words', () => {
    const names = ['key-pair', 'permission:on_call_read', 'reads-routing-rules'];
    expect(names.map((name) => aboutOf(check(name, 'passed')))).toEqual([
      'key pair',
      'on_call_read',
      'reads routing rules',
    ]);
  });
});

describe('withResult', () => {
  it('keeps the order of the checks', () => {
    const checks = [check('a', 'passed'), check('b', 'failed'), check('c', 'skipped'), check('d', 'failed')];
    expect(withResult(checks, 'failed').map(({ name }) => name)).toEqual(['b', 'd']);
    expect(withResult(checks, 'skipped', 'passed').map(({ name }) => name)).toEqual(['a', 'c']);
  });
});
