import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Agenda, ask, ended, idle, isDue, type RunEnd, sooner, spread, started } from './agenda.ts';

const settings = { intervalMs: 60_000, unknownHandleGapMs: 10_000, retryMs: 2_000, confirmMs: 10_000 };

describe('the agenda of a connection', () => {
  it('runs a new connection at once', () => {
    expect(isDue(ask(idle, 'new', 500, settings), 500)).toBe(true);
  });

  it('runs again after the interval, a fifth sooner or later', () => {
    const running = started(ask(idle, 'new', 0, settings), 0);
    expect(ended(running, 'good', 1000, settings, 0)).toMatchObject({ dueAt: 49_000, cause: 'interval' });
    expect(ended(running, 'good', 1000, settings, 0.5)).toMatchObject({ dueAt: 61_000, cause: 'interval' });
    expect(ended(running, 'good', 1000, settings, 1).dueAt).toBeCloseTo(73_000);
  });

  it('joins wishes that arrive during a run into one run after it', () => {
    let agenda = started(ask(idle, 'new', 0, settings), 0);
    for (const now of [10, 20, 30]) agenda = ask(agenda, 'requested', now, settings);
    expect(isDue(agenda, 40)).toBe(false);
    agenda = ended(agenda, 'good', 50, settings, 0.5);
    expect(isDue(agenda, 50)).toBe(true);
    agenda = ended(started(agenda, 50), 'good', 90, settings, 0.5);
    expect(isDue(agenda, 100)).toBe(false);
  });

  it('spaces the syncs that unknown handles cause, and lets a person overtake them', () => {
    const agenda = ended(started(ask(idle, 'new', 0, settings), 0), 'good', 100, settings, 0.5);
    const asked = ask(agenda, 'unknown-handle', 1000, settings);
    expect(asked).toMatchObject({ dueAt: 10_000, cause: 'unknown-handle' });
    expect(ask(asked, 'unknown-handle', 2000, settings)).toBe(asked);
    expect(ask(asked, 'requested', 2000, settings)).toMatchObject({ dueAt: 2000, cause: 'requested' });
    expect(ask(idle, 'unknown-handle', 5, settings)).toMatchObject({ dueAt: 5 });
  });

  it('looks again sooner after a failure, later with each further one, and never later than the interval allows', () => {
    let agenda: Agenda = idle;
    const pauses: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      agenda = ended(started(agenda, 0), 'failed', 0, settings, 0.5);
      pauses.push(agenda.dueAt ?? Number.NaN);
    }
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(ended(started(agenda, 0), 'good', 0, settings, 0.5)).toMatchObject({ failures: 0, dueAt: 60_000 });
    expect(ended(started(agenda, 0), 'confirm', 0, settings, 0.5)).toMatchObject({ cause: 'confirm', dueAt: 10_000 });
  });

  it('rests when there is nothing to look at', () => {
    expect(ended(started(ask(idle, 'deleted', 0, settings), 0), 'idle', 0, settings, 0).dueAt).toBeUndefined();
  });

  it('spreads first looks over the interval', () => {
    expect(spread(idle, 0, settings, 0.25)).toMatchObject({ dueAt: 15_000, cause: 'interval' });
    expect(ask(spread(idle, 0, settings, 0), 'changed', 3, settings)).toMatchObject({ dueAt: 0, cause: 'changed' });
    expect(spread(ask(idle, 'new', 3, settings), 0, settings, 0.25)).toMatchObject({ dueAt: 3, cause: 'new' });
  });

  it('never runs twice at once and never forgets a wish, whatever happens in whatever order', () => {
    const step = fc.constantFrom('ask', 'start', 'good', 'failed', 'confirm', 'sooner');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let agenda: Agenda = idle;
        let wished = false;
        steps.forEach((name, now) => {
          if (name === 'start') {
            if (!isDue(agenda, now)) return;
            agenda = started(agenda, now);
            wished = false;
          } else if (name === 'ask' || name === 'sooner') {
            agenda = name === 'ask' ? ask(agenda, 'requested', now, settings) : sooner(agenda, 'interval', now + 5);
            wished ||= name === 'ask';
          } else if (agenda.running) {
            agenda = ended(agenda, name as RunEnd, now, settings, 0.5);
          }
          if (agenda.running) expect(isDue(agenda, now)).toBe(false);
          if (wished && !agenda.running) expect(isDue(agenda, now)).toBe(true);
        });
      }),
    );
  });
});
