import { expect, it } from '@jest/globals';
import { Admission } from './admission.ts';

const mebibyte = 1024 * 1024;

it('an integration with too much in flight is told so, while others are admitted', () => {
  const admission = new Admission();
  const ends = Array.from({ length: 256 }, () => admission.admit('acme/prometheus', 1000));
  expect(ends).not.toContain(undefined);
  expect(admission.admit('acme/prometheus', 1000)).toBeUndefined();
  expect(admission.admit('acme/grafana', 1000)).toBeDefined();
  ends[0]?.();
  // Ending twice counts once.
  ends[0]?.();
  expect(admission.admit('acme/prometheus', 1000)).toBeDefined();
  expect(admission.admit('acme/prometheus', 1000)).toBeUndefined();
});

it('bounds the bytes of an integration, and those of all together', () => {
  const admission = new Admission();
  expect(admission.admit('one', 10 * mebibyte)).toBeDefined();
  expect(admission.admit('one', 10 * mebibyte)).toBeUndefined();
  for (let others = 0; others < 11; others += 1)
    expect(admission.admit(`other-${others}`, 10 * mebibyte)).toBeDefined();
  expect(admission.admit('last', 10 * mebibyte)).toBeUndefined();
});
