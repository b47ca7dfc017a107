import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashOfToken, hasTokenForm, makeToken } from './token-form.ts';

const base62 = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const made = fc.constant(undefined).map(makeToken);

describe('an API token', () => {
  it('has its prefix, thirty random characters and a checksum, and is different each time', () => {
    const tokens = Array.from({ length: 1000 }, makeToken);
    for (const token of tokens) expect(token).toMatch(/^pbt_[0-9A-Za-z]{36}$/);
    expect(new Set(tokens).size).toBe(1000);
  });

  it('has the form that hasTokenForm accepts', () => {
    fc.assert(fc.property(made, (token) => expect(hasTokenForm(token)).toBe(true)));
  });

  it('is rejected with a character changed, left out or added', () => {
    const at = fc.nat({ max: 39 });
    fc.assert(
      fc.property(made, at, fc.constantFrom(...base62), (token, index, other) => {
        fc.pre(token[index] !== other);
        const [head, tail] = [token.slice(0, index), token.slice(index + 1)];
        for (const wrong of [head + other + tail, head + tail, head + other + token.slice(index)]) {
          expect(hasTokenForm(wrong)).toBe(false);
        }
      }),
    );
  });

  it('has a form that no other text has', () => {
    const alike = fc.stringMatching(/^pbt_[0-9A-Za-z]{36}$/);
    const any = fc.string();
    fc.assert(fc.property(fc.oneof(alike, any), (text) => expect(hasTokenForm(text)).toBe(false)));
  });

  it('has the same checksum and the same hash in every release', () => {
    const token = 'pbt_0000000000000000000000000000002U53RN';
    expect(hasTokenForm(token)).toBe(true);
    expect(hashOfToken(token)).toBe('5f5f5ee371ad03ddebd5ad8239390bf217f7914452509a6c0104aca4bf51f3f1');
  });
});
