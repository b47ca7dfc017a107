import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Type } from 'typebox';
import { checkOf } from './validator.ts';

describe('checkOf', () => {
  it('counts lengths in characters, not in UTF-16 units', () => {
    const check = checkOf(Type.String({ minLength: 3, maxLength: 5 }));
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\ud83d'), maxLength: 12 });
    fc.assert(
      fc.property(text, (it) => {
        const characters = [...it].length;
        const wanted =
          characters < 3
            ? 'the event must have at least 3 characters'
            : characters > 5
              ? 'the event must have at most 5 characters'
              : undefined;
        expect(check(it)).toBe(wanted);
      }),
    );
  });

  it.each([
    'https://example.com',
    'http://user@[::1]:8080/a/b;c=1?d=e&f=%20#top',
    "https://example.com/!$&'()*+,;=:@~-._",
  ])('accepts %s as a URI', (uri) => expect(checkOf(Type.String({ format: 'uri' }))(uri)).toBeUndefined());

  it.each([
    '',
    'example.com',
    '/path',
    'https:',
    'https://a b',
    'https://a/%2',
    'https://a/<b>',
    'https://a/é',
    '://a',
  ])('does not accept "%s" as a URI', (text) =>
    expect(checkOf(Type.String({ format: 'uri' }))(text)).toBe('the event must be an absolute URL'),
  );
});
