import { expect, it } from '@jest/globals';
import { Admission, shareOfIntegration, shareOfOrg } from './admission.ts';

const mebibyte = 1024 * 1024;
const of = (org: string, name: string) => [shareOfOrg(org), shareOfIntegration(org, name)];

it('an integration with too many requests in flight is told so, while others are admitted', () => {
  const admission = new Admission();
  const ends = Array.from({ length: 256 }, () => admission.admit(of('acme', 'prometheus'), 1000));
  expect(ends).not.toContain(undefined);
  expect(admission.admit(of('acme', 'prometheus'), 1000)).toBeUndefined();
  expect(admission.admit(of('acme', 'grafana'), 1000)).toBeDefined();
  ends[0]?.();
  // Ending twice counts once.
  ends[0]?.();
  expect(admission.admit(of('acme', 'prometheus'), 1000)).toBeDefined();
  expect(admission.admit(of('acme', 'prometheus'), 1000)).toBeUndefined();
});

it('bounds the bytes of an integration, of its org, and of all together', () => {
  const admission = new Admission();
  const admit = (org: string, name: string) => admission.admit(of(org, name), 10 * mebibyte) !== undefined;
  expect([admit('acme', 'one'), admit('acme', 'one')]).toEqual([true, false]);
  expect([admit('acme', 'two'), admit('acme', 'three'), admit('acme', 'four')]).toEqual([true, true, false]);
  for (let other = 0; other < 9; other += 1) expect(admit(`org-${other}`, 'one')).toBe(true);
  expect(admit('last', 'one')).toBe(false);
});
