import { describe, expect, it } from '@jest/globals';
import { misplaced } from './key-shape.ts';

const apiKey = '0123456789abcdef0123456789abcdef';
const applicationKey = `${apiKey}01234567`;

describe('misplaced', () => {
  it('says at once which key a text in the field of the other one looks like', () => {
    expect(misplaced('applicationKey', ` ${apiKey}\n`)).toBe('This looks like an API key.');
    expect(misplaced('applicationKey', apiKey.toUpperCase())).toBe('This looks like an API key.');
    expect(misplaced('apiKey', applicationKey)).toBe('This looks like an application key.');
    expect(misplaced('apiKey', 'ddapp_abc')).toBe('This looks like an application key.');
  });

  it.each([
    ['apiKey', apiKey],
    ['applicationKey', applicationKey],
    ['applicationKey', 'ddapp_abc'],
    ['applicationKey', apiKey.slice(1)],
    ['applicationKey', ''],
  ] as const)('says nothing of %s %j', (field, text) => {
    expect(misplaced(field, text)).toBeUndefined();
  });
});
