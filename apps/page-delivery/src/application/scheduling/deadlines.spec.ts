import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Deadlines } from './deadlines.ts';
import type { Job } from './job.ts';

const jobOf = (sourceOrg: string, deadline: number): Job =>
  ({ key: `${sourceOrg}/alert`, deadline, isWaiting: true }) as Partial<Job> as Job;

const noticedWithinMs = 500;

const takenAt = (deadlines: Deadlines, now: number, most = 1000): Job[] => [...deadlines.take(now, most)];

type Step =
  | { readonly kind: 'add'; readonly at: number }
  | { readonly kind: 'delete' | 'pass'; readonly nth: number }
  /** The clock moves, and the jobs that are taken get a deadline this much later; undefined: they are done. */
  | { readonly kind: 'take'; readonly by: number; readonly again: number | undefined };

const ms = fc.integer({ min: -10_000, max: 20_000 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), at: ms }),
    fc.record({ kind: fc.constantFrom('delete' as const, 'pass' as const), nth: fc.nat(9) }),
    fc.record({ kind: fc.constant('take' as const), by: ms, again: fc.option(ms, { nil: undefined }) }),
  ),
  { maxLength: 60 },
);

describe('deadlines', () => {
  it('are taken in time and once, whatever the clock does meanwhile', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let now = 0;
        const deadlines = new Deadlines(now);
        const waiting = new Set<Job>();
        const passed = new Set<Job>();
        for (const step of history) {
          if (step.kind === 'add') {
            const job = jobOf('acme', now + step.at);
            waiting.add(job);
            deadlines.add(job);
          } else if (step.kind === 'take') {
            now += step.by;
            const late = [...waiting].filter((job) => passed.has(job) || job.deadline + noticedWithinMs <= now);
            const taken = takenAt(deadlines, now);
            expect(new Set(taken).size).toBe(taken.length);
            expect([...waiting]).toEqual(expect.arrayContaining(taken));
            expect(taken).toEqual(expect.arrayContaining(late));
            passed.clear();
            for (const job of taken) {
              if (step.again === undefined) waiting.delete(job);
              else deadlines.move(job, now + step.again);
            }
          } else {
            const job = [...waiting][step.nth];
            if (!job) continue;
            if (step.kind === 'pass') {
              passed.add(job);
              deadlines.pass(job);
              continue;
            }
            job.isWaiting = false;
            waiting.delete(job);
            deadlines.delete(job);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that pass together are taken in turns of their source orgs', () => {
    const deadlines = new Deadlines(0);
    const flood = Array.from({ length: 1000 }, () => jobOf('acme', 1000));
    const small = jobOf('initech', 1000);
    for (const job of [...flood, small]) deadlines.add(job);
    expect(takenAt(deadlines, 2000, 10)).toContain(small);
    expect(takenAt(deadlines, 2000, 2000)).toHaveLength(991);
  });
});
