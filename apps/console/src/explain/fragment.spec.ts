import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fragmentOf, textIn } from './fragment.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('the text of Explain in an address', () => {
  it('is the same after a round trip, whatever its characters', () => {
    fc.assert(
      fc.property(text, (message) => {
        const { hash } = new URL(`https://console.example/o/acme-us/explain#${fragmentOf(message)}`);
        expect(textIn(hash.slice(1))).toBe(message.toWellFormed());
      }),
    );
  });

  it('is empty without a fragment, and with another one', () => {
    expect(textIn('')).toBe('');
    expect(textIn('screen')).toBe('');
  });
});
