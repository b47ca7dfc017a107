import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Agenda, type Entry } from './agenda.ts';

it('an agenda yields each entry once, when it is due, in the order of the times', () => {
  const at = fc.integer({ min: 0, max: 50 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), nth: fc.nat(11), at }),
    fc.record({ kind: fc.constant('delete' as const), nth: fc.nat(11) }),
    fc.record({ kind: fc.constant('take' as const), by: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const agenda = new Agenda<Entry>();
      const entries = Array.from({ length: 12 }, (): Entry => ({ place: -1, agendaAt: 0 }));
      const model = new Map<Entry, number>();
      let now = 0;
      for (const its of steps) {
        if (its.kind === 'take') {
          now += its.by;
          const times: number[] = [];
          for (let entry = agenda.dequeue(now); entry; entry = agenda.dequeue(now)) {
            times.push(model.get(entry) ?? Number.NaN);
            model.delete(entry);
          }
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect([...model.values()].filter((time) => time <= now)).toEqual([]);
        } else {
          const entry = entries[its.nth] as Entry;
          if (its.kind === 'set') model.set(entry, now + its.at);
          else model.delete(entry);
          if (its.kind === 'set') agenda.set(entry, now + its.at);
          else agenda.delete(entry);
        }
        expect(agenda.nextAt).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.values()));
      }
    }),
    { numRuns: 500 },
  );
});
