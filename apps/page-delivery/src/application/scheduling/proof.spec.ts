import { describe, expect, it } from '@jest/globals';
import { Proof } from './proof.ts';

describe('the proof that a credential works', () => {
  it('is given once, when both steps were served with it within a minute', () => {
    const proof = new Proof();
    expect(proof.served('create', '1', 0)).toBe(false);
    expect(proof.served('create', '1', 1000)).toBe(false);
    expect(proof.served('resolve', '1', 61_000)).toBe(true);
    expect(proof.served('create', '1', 61_000)).toBe(false);
    proof.renew();
    expect(proof.served('create', '1', 62_000)).toBe(false);
    expect(proof.served('resolve', '1', 63_000)).toBe(true);
  });

  it('does not count a step that was served with another credential', () => {
    const proof = new Proof();
    proof.served('create', '1', 0);
    expect(proof.served('resolve', '2', 1000)).toBe(false);
    expect(proof.served('create', '2', 2000)).toBe(true);
  });

  it('does not count a step that was served more than a minute ago', () => {
    const proof = new Proof();
    proof.served('create', '1', 0);
    expect(proof.served('resolve', '1', 60_001)).toBe(false);
  });
});
