import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fifo } from './fifo.ts';

describe('a queue', () => {
  it('returns the oldest item that was not removed, whatever was added and removed in between', () => {
    const items = Array.from({ length: 8 }, (_, name) => ({ name }));
    const step = fc.tuple(fc.constantFrom('add', 'delete', 'take'), fc.constantFrom(...items));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fifo = new Fifo<(typeof items)[number]>();
        const model: (typeof items)[number][] = [];
        for (const [kind, item] of steps) {
          const chosen = kind === 'take' ? fifo.first() : item;
          if (kind === 'add' && !model.includes(item)) model.push(item);
          if (kind === 'add') fifo.add(item);
          if (kind !== 'add' && chosen && fifo.delete(chosen)) model.splice(model.indexOf(chosen), 1);
          expect(fifo.first()).toBe(model[0]);
          expect(fifo.size).toBe(model.length);
        }
      }),
    );
  });
});
