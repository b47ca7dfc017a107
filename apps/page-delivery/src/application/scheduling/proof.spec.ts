import { describe, expect, it } from '@jest/globals';
import { Proof } from './proof.ts';

describe('the proof that a credential works', () => {
  it('is given once, when both steps were served with it', () => {
    const proof = new Proof();
    expect(proof.served('create', '1')).toBe(false);
    expect(proof.served('create', '1')).toBe(false);
    expect(proof.served('resolve', '1')).toBe(true);
    expect(proof.served('create', '1')).toBe(false);
    proof.renew();
    expect(proof.served('create', '1')).toBe(false);
    expect(proof.served('resolve', '1')).toBe(true);
  });

  it('does not count a step that was served with another credential', () => {
    const proof = new Proof();
    proof.served('create', '1');
    expect(proof.served('resolve', '2')).toBe(false);
    expect(proof.served('create', '2')).toBe(true);
  });

  it('does not count a step that was refused since', () => {
    const proof = new Proof();
    proof.served('create', '1');
    proof.refused('create');
    expect(proof.served('resolve', '1')).toBe(false);
    expect(proof.served('create', '1')).toBe(true);
  });
});
