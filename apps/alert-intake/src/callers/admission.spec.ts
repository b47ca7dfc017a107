import { expect, it } from '@jest/globals';
import { Admission, type Stay } from './admission.ts';

const mebibyte = 1024 * 1024;
const of = (sourceOrg: string, name = 'prometheus') => ({ sourceOrg, name });

/** Admits a request whose body has arrived; undefined if there is no room for it. */
function arrived(admission: Admission, owner: ReturnType<typeof of> | undefined, bytes: number): Stay | undefined {
  const stay = admission.admit(owner);
  if (!stay || !admission.receive(stay, bytes)) return undefined;
  admission.arrived(stay);
  return stay;
}

it('takes a burst of a thousand requests of an integration, then tells it so, while others are admitted', () => {
  const admission = new Admission();
  const stays = Array.from({ length: 1024 }, () => arrived(admission, of('acme'), 1000));
  expect(stays).not.toContain(undefined);
  expect(admission.admit(of('acme'))).toBeUndefined();
  expect(admission.admit(of('acme', 'grafana'))).toBeDefined();
  const [first] = stays;
  if (first) admission.end(first);
  // Ending twice counts once.
  if (first) admission.end(first);
  expect(arrived(admission, of('acme'), 1000)).toBeDefined();
  expect(admission.admit(of('acme'))).toBeUndefined();
});

it('bounds the bytes of an integration, of its org, and of all together', () => {
  const admission = new Admission();
  const takes = (org: string, name: string) => arrived(admission, of(org, name), 5 * mebibyte) !== undefined;
  expect([takes('acme', 'one'), takes('acme', 'one')]).toEqual([true, false]);
  expect([takes('acme', 'two'), takes('acme', 'three'), takes('acme', 'four')]).toEqual([true, true, false]);
  for (let other = 0; other < 9; other += 1) expect(takes(`org-${other}`, 'one')).toBe(true);
  expect(takes('last', 'one')).toBe(false);
});

it('lets those that have sent no body make room, the one that has sent nothing for longest first', () => {
  const admission = new Admission();
  const idle = Array.from({ length: 1024 }, () => admission.admit());
  const [first, second, third] = idle;
  if (first) admission.receive(first, 1);
  const genuine = arrived(admission, undefined, 1000);
  expect(genuine).toBeDefined();
  expect(admission.admit()).toBeDefined();
  expect([first, second, third].map((stay) => stay?.crowdedOut.signal.aborted)).toEqual([false, true, true]);
  expect(genuine?.crowdedOut.signal.aborted).toBe(false);
});

it('takes no bytes for a body that was announced and not sent', () => {
  const admission = new Admission();
  for (let stay = 0; stay < 500; stay += 1) admission.admit();
  expect(arrived(admission, undefined, mebibyte)).toBeDefined();
});

it('moves the bytes of a stranger to the share of its integration once its token is known', () => {
  const admission = new Admission();
  const strangers = Array.from({ length: 3 }, () => arrived(admission, undefined, 5 * mebibyte));
  const [first, second] = strangers;
  expect(arrived(admission, undefined, 5 * mebibyte)).toBeUndefined();
  expect(first && admission.move(first, of('acme'))).toBe(true);
  expect(arrived(admission, undefined, 5 * mebibyte)).toBeDefined();
  expect(second && admission.move(second, of('acme'))).toBe(false);
});

it('ends nobody for a request that its own integration has no room for', () => {
  const admission = new Admission();
  for (let other = 0; other < 8; other += 1) arrived(admission, of(`org-${other}`), 7 * mebibyte);
  const innocent = admission.admit(of('innocent'));
  expect(innocent && admission.receive(innocent, 2 * mebibyte)).toBe(true);
  const greedy = arrived(admission, of('greedy'), 5 * mebibyte);
  const next = admission.admit(of('greedy'));
  expect([greedy !== undefined, next && admission.receive(next, 4 * mebibyte)]).toEqual([true, false]);
  expect(innocent?.crowdedOut.signal.aborted).toBe(false);
});
