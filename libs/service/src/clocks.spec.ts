import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { steadyTime } from './clocks.ts';

const start = Date.parse('2026-06-01T00:00:00Z');
const hour = 60 * 60_000;

/** A machine whose wall clock is set, and whose time passes, by hand; `now` is in milliseconds since the start. */
class Machine {
  #setBy = 0;
  #elapsed = 0;
  readonly #clock = steadyTime(
    () => start + this.#elapsed + this.#setBy,
    () => this.#elapsed,
  );

  pass(ms: number): this {
    this.#elapsed += ms;
    return this;
  }

  /** As NTP or an administrator does; a machine that was suspended finds its clock ahead in the same way. */
  setAhead(ms: number): this {
    this.#setBy += ms;
    return this;
  }

  get wall(): number {
    return this.#elapsed + this.#setBy;
  }

  get now(): number {
    return this.#clock().getTime() - start;
  }
}

describe('steadyTime', () => {
  it('tells the time of the wall clock while nobody sets it', () => {
    const machine = new Machine();
    for (const ms of [0, 1, 250, 7 * 24 * hour]) expect(machine.pass(ms).now).toBe(machine.wall);
  });

  it('makes nothing older when the wall clock is set ahead, and nears it by one part in a hundred', () => {
    const machine = new Machine().setAhead(hour);
    expect(machine.now).toBe(0);
    expect(machine.pass(4 * hour).now).toBe(4.04 * hour);
    expect(machine.pass(96 * hour).now).toBe(machine.wall);
  });

  it('follows a wall clock that is set back at once, as one that was ahead at the start', () => {
    const machine = new Machine().setAhead(-5 * hour);
    expect(machine.now).toBe(-5 * hour);
    expect(machine.pass(hour).now).toBe(-4 * hour);
    // What was once believed is forgotten: set ahead anew, it counts for nothing.
    expect(machine.pass(500 * hour).now).toBe(machine.wall);
    expect(machine.setAhead(hour).now).toBe(machine.wall - hour);
  });

  it('is as it was when a wall clock that was set back is set right', () => {
    const machine = new Machine().pass(hour);
    expect(machine.now).toBe(hour);
    expect(machine.setAhead(-1_000_000 * hour).now).toBe(-999_999 * hour);
    expect(machine.setAhead(1_000_000 * hour).now).toBe(hour);
  });

  it('is never ahead of the wall clock, nor more than one part in a hundred of one that nobody sets', () => {
    const step = fc.record({ pass: fc.nat({ max: 10 * hour }), setAhead: fc.integer({ min: -hour, max: hour }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const machine = new Machine();
        let elapsed = 0;
        for (const { pass, setAhead } of steps) {
          const { now, wall } = machine.pass(pass).setAhead(setAhead);
          elapsed += pass;
          expect(now).toBeLessThanOrEqual(wall);
          expect(now).toBeLessThanOrEqual(elapsed * 1.01 + 1);
        }
      }),
    );
  });
});
