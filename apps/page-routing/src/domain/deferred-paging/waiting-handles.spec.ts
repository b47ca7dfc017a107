import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firedAt, type WaitingHandle, WaitingHandles } from './waiting-handles.ts';

const windowMs = 10;
const room = 3;

let offsets = 0;
const waitingFor = (its: Partial<WaitingHandle> = {}): WaitingHandle => ({
  sourceOrg: 'acme-us',
  alertKey: 'cpu',
  alertEventId: 'e',
  name: 'core-infra',
  offset: offsets++,
  occurredAt: '',
  firedAtMs: 0,
  sinceMs: 0,
  untilMs: windowMs,
  ...its,
});
const namesOf = (handles: Iterable<WaitingHandle>) => [...handles].map(({ name }) => name);

describe('a waiting handle', () => {
  it('is found by the handle of its team, qualified or not, with slashes or without', () => {
    const waiting = new WaitingHandles(10);
    for (const name of ['core-infra', 'globex/core-infra', 'a/b', 'globex/a/b', 'other'])
      waiting.add(waitingFor({ name }), 'acme-us');
    expect(namesOf(waiting.ofTeam('core-infra'))).toEqual(['core-infra', 'globex/core-infra']);
    expect(namesOf(waiting.ofTeam('a/b'))).toEqual(['a/b', 'globex/a/b']);
    expect(waiting.ofTeam('nobody')).toEqual([]);
  });

  it('is found by its org, in the pool of the org or in the common one', () => {
    const waiting = new WaitingHandles(10);
    waiting.add(waitingFor({ name: 'before-it-was-connected' }), '');
    waiting.add(waitingFor({ name: 'of-another', sourceOrg: 'initech' }), '');
    waiting.add(waitingFor({ name: 'since' }), 'acme-us');
    expect(namesOf(waiting.ofOrg('acme-us', ['acme-us', '']))).toEqual(['since', 'before-it-was-connected']);
  });

  it('is given up if its pool is full and it is the oldest; other pools lose no handle', () => {
    const waiting = new WaitingHandles(2);
    const [first, second, third, other] = ['a', 'b', 'c', 'd'].map((name) => waitingFor({ name }));
    expect([first, second].map((each) => waiting.add(each as WaitingHandle, 'acme-us'))).toEqual([
      undefined,
      undefined,
    ]);
    waiting.add(other as WaitingHandle, 'initech');
    expect(waiting.add(third as WaitingHandle, 'acme-us')).toBe(first);
    expect(waiting.size).toBe(3);
  });

  it('waits once, however often it is added', () => {
    const waiting = new WaitingHandles(10);
    const handle = waitingFor();
    for (const again of [handle, { ...handle }]) waiting.add(again, 'acme-us');
    expect(waiting.size).toBe(1);
    expect(waiting.has(handle)).toBe(true);
  });
});

describe('the time by which events of an alert are ordered', () => {
  it.each([
    ['is that of the record if occurredAt is in the future', '2026-06-01T00:05:00Z', '2026-06-01T00:00:00Z'],
    ['is occurredAt if it is in the past', '2026-05-31T23:00:00Z', '2026-05-31T23:00:00Z'],
    ['is that of the record if occurredAt cannot be parsed', 'soon', '2026-06-01T00:00:00Z'],
  ])('%s', (_case, occurredAt, expected) => {
    expect(firedAt(occurredAt, Date.parse('2026-06-01T00:00:00Z'))).toBe(Date.parse(expected));
  });
});

// Few values of each kind, so that steps often concern the same handles.
const orgs = ['acme-us', 'initech'];
const names = ['core', 'globex/core', 'web'];
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      org: fc.constantFrom(...orgs),
      key: fc.nat(2),
      name: fc.constantFrom(...names),
      ahead: fc.integer({ min: -3, max: 3 }),
    }),
  },
  fc.record({
    do: fc.constant('recovered' as const),
    org: fc.constantFrom(...orgs),
    key: fc.nat(2),
    ahead: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({ do: fc.constant('known' as const), team: fc.constantFrom('core', 'web') }),
  fc.record({ do: fc.constant('page' as const), nth: fc.nat(9) }),
  fc.record({ do: fc.constant('put back' as const), nth: fc.nat(9) }),
  fc.record({ do: fc.constant('decided again' as const), nth: fc.nat(20) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.nat(6) }),
);

it('becomes due at most once, in time, and never after the recovery of its alert, in any order of steps', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const waiting = new WaitingHandles(room);
      // The naive model: a list of all handles ever added, with their states.
      const all: { handle: WaitingHandle; state: 'waits' | 'due' | 'over' }[] = [];
      let now = 100;
      const inState = (state: string) => all.filter((one) => one.state === state);
      const end = (isOver: (handle: WaitingHandle) => boolean) => {
        for (const one of all) if (one.state !== 'over' && isOver(one.handle)) one.state = 'over';
      };
      for (const it of steps) {
        if (it.do === 'add') {
          const handle = waitingFor({
            sourceOrg: it.org,
            alertKey: `k${it.key}`,
            name: it.name,
            firedAtMs: now + it.ahead,
            sinceMs: now,
            untilMs: now + windowMs,
          });
          const givenUp = waiting.add(handle, it.org);
          all.push({ handle, state: 'waits' });
          if (givenUp) end((each) => each === givenUp);
        } else if (it.do === 'recovered') {
          const at = now + it.ahead;
          waiting.recovered(it.org, `k${it.key}`, { at });
          end((each) => each.sourceOrg === it.org && each.alertKey === `k${it.key}` && each.firedAtMs <= at);
        } else if (it.do === 'known') {
          for (const handle of waiting.ofTeam(it.team)) {
            const one = all.find((each) => each.handle === handle);
            waiting.markDue(handle, now);
            const isDue = waiting.due.has(handle);
            expect(isDue).toBe(one?.state === 'waits' && handle.untilMs > now);
            if (one && isDue) one.state = 'due';
          }
        } else if (it.do === 'page') {
          const one = inState('due')[it.nth];
          if (!one) continue;
          expect(waiting.due.has(one.handle)).toBe(true);
          waiting.delete(one.handle);
          one.state = 'over';
        } else if (it.do === 'put back') {
          const one = inState('due')[it.nth];
          if (!one) continue;
          waiting.putBack(one.handle);
          one.state = 'waits';
        } else if (it.do === 'decided again') {
          const one = all[it.nth]?.handle;
          if (!one) continue;
          waiting.decidedAgain(one.sourceOrg, one.alertKey, one.offset);
          end((each) => each === one);
        } else {
          now += it.ms;
        }
        const due = inState('due').map(({ handle }) => handle);
        expect(new Set(waiting.due)).toEqual(new Set(due));
        for (const { handle, state } of all) {
          // A handle whose time is over is removed at some later step; until then it does not become due.
          if (state === 'over') expect(waiting.has(handle)).toBe(false);
          else if (state === 'due' || handle.untilMs > now) expect(waiting.has(handle)).toBe(true);
        }
        for (const org of orgs) expect(waiting.ofOrg(org, [org]).length).toBeLessThanOrEqual(room);
      }
      now += 2 * windowMs;
      waiting.expire(now);
      for (const handle of waiting.due) waiting.delete(handle);
      expect(waiting.size).toBe(0);
      for (const team of ['core', 'web']) {
        for (const handle of waiting.ofTeam(team)) waiting.markDue(handle, now);
      }
      expect(waiting.due.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});
