import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { steadyTime } from './clocks.ts';

const start = Date.parse('2026-06-01T00:00:00Z');
const hour = 60 * 60_000;

/** A machine whose wall clock and elapsed time the test controls; `now` is in milliseconds since the start. */
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

  /** Sets the wall clock, as NTP or an administrator does. A suspended machine also resumes with its clock ahead. */
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
  it('returns the time of the wall clock while the wall clock is not set', () => {
    const machine = new Machine();
    for (const ms of [0, 1, 250, 7 * 24 * hour]) expect(machine.pass(ms).now).toBe(machine.wall);
  });

  it('does not jump when the wall clock is set ahead, and approaches it by one part in a hundred', () => {
    const machine = new Machine().setAhead(hour);
    expect(machine.now).toBe(0);
    expect(machine.pass(4 * hour).now).toBe(4.04 * hour);
    expect(machine.pass(96 * hour).now).toBe(machine.wall);
  });

  it('follows a wall clock that is set back at once, as if the wall clock had been ahead at the start', () => {
    const machine = new Machine().setAhead(-5 * hour);
    expect(machine.now).toBe(-5 * hour);
    expect(machine.pass(hour).now).toBe(-4 * hour);
    // The former time has no effect any more: the clock does not jump when the wall clock is set ahead again.
    expect(machine.pass(500 * hour).now).toBe(machine.wall);
    expect(machine.setAhead(hour).now).toBe(machine.wall - hour);
  });

  it('returns to its former time when a wall clock that was set back is corrected', () => {
    const machine = new Machine().pass(hour);
    expect(machine.now).toBe(hour);
    expect(machine.setAhead(-1_000_000 * hour).now).toBe(-999_999 * hour);
    expect(machine.setAhead(1_000_000 * hour).now).toBe(hour);
  });

  it('is never ahead of the wall clock, and gains at most one part in a hundred on elapsed time', () => {
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
