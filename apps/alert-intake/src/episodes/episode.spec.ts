import { describe, expect, it } from '@jest/globals';
import type { Transition } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Says } from '../alerts/source-alert.ts';
import { decide, type Episode, type Saying } from './episode.ts';

const minute = (n: number): number => Date.UTC(2026, 10, 26, 12, n);
const repeatMs = 4 * 3_600_000;
const saying = (says: Says, digest = 'a'): Saying => ({ says, digest, repeatMs });
const firing = (at: number | undefined, digest?: string) => saying({ state: 'firing', at }, digest);
const triggered = (at: number | undefined) => saying({ state: 'triggered', at });
const resolved = (at: number | undefined) => saying({ state: 'resolved', at });
const notified = (transition: Transition, at: number) => saying({ state: 'notified', id: `${at}`, at, transition });

/** Applies sayings one after the other, a minute apart, and returns the events. */
function eventsOf(...sayings: readonly Saying[]) {
  let episode: Episode | undefined;
  return sayings.flatMap((each, index) => {
    const step = decide(episode, each, minute(30 + index));
    episode = step?.next ?? episode;
    return step ? [[step.transition, step.occurredAt]] : [];
  });
}

describe('an alert', () => {
  it('pages at its start, and says nothing new until it has recovered', () => {
    expect(eventsOf(firing(minute(1)), firing(minute(1)), resolved(minute(5)), resolved(minute(5)))).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(5)],
    ]);
  });

  it('that fires again with its old start pages again, after the recovery', () => {
    expect(eventsOf(firing(minute(1)), resolved(minute(5)), firing(minute(1)))).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(5)],
      ['triggered', minute(5) + 1],
    ]);
  });

  it('that fires with a new start has recovered meanwhile', () => {
    expect(eventsOf(firing(minute(1)), firing(minute(8)))).toEqual([
      ['triggered', minute(1)],
      ['retriggered', minute(8)],
    ]);
  });

  it('is published again when its text has changed, with the time of its start', () => {
    expect(eventsOf(firing(minute(1)), firing(minute(1), 'b'), firing(minute(1), 'b'))).toEqual([
      ['triggered', minute(1)],
      ['renotified', minute(1)],
    ]);
  });

  it('is published again after the repeat hours, each time with another number', () => {
    const first = decide(undefined, firing(minute(1)), minute(1));
    const second = decide(first?.next, firing(minute(1)), minute(1) + repeatMs);
    const third = decide(second?.next, firing(minute(1)), minute(1) + 2 * repeatMs);
    expect([second, third]).toMatchObject([
      { transition: 'renotified', repeat: 1, occurredAt: minute(1) },
      { transition: 'renotified', repeat: 2, occurredAt: minute(1) },
    ]);
  });

  it('that fires again with its old start is not ended by a late copy of the recovery before', () => {
    expect(eventsOf(firing(minute(1)), resolved(minute(5)), firing(minute(1)), resolved(minute(5)))).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(5)],
      ['triggered', minute(5) + 1],
    ]);
  });

  it('without times pages anew after the repeat hours, since its recovery may be lost', () => {
    const first = decide(undefined, firing(undefined), minute(1));
    expect(decide(first?.next, firing(undefined), minute(1) + repeatMs)).toMatchObject({
      transition: 'retriggered',
      occurredAt: minute(1) + repeatMs,
    });
  });

  it('whose recovery may not be published yet recovers again with the same event, and fires after it', () => {
    const first = decide(undefined, firing(minute(1)), minute(1));
    const ending = decide(first?.next, resolved(minute(5)), minute(6));
    const remembered = { ...(ending?.next as Episode), isEnding: true };
    const again = decide(remembered, resolved(minute(5)), minute(7));
    expect(again).toMatchObject({ transition: 'recovered', occurredAt: ending?.occurredAt });
    expect(again?.next?.isEnding).toBeUndefined();
    expect(decide(remembered, firing(minute(1)), minute(7))).toMatchObject({ occurredAt: minute(5) + 1 });
  });

  it('without times counts from its arrival, and recovers once', () => {
    expect(
      eventsOf(firing(undefined), firing(undefined), resolved(undefined), resolved(undefined), firing(undefined)),
    ).toEqual([
      ['triggered', minute(30)],
      ['recovered', minute(32)],
      ['triggered', minute(34)],
    ]);
  });

  it('never recovers before it fired, whatever the clocks say', () => {
    expect(eventsOf(firing(undefined), resolved(minute(20)))).toEqual([
      ['triggered', minute(30)],
      ['recovered', minute(30)],
    ]);
  });

  it('is not ended by a late copy of the recovery before', () => {
    expect(eventsOf(firing(minute(1)), resolved(minute(5)), firing(minute(8)), resolved(minute(5)))).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(5)],
      ['triggered', minute(8)],
    ]);
  });

  it('whose trigger comes again late, after its recovery, pages nobody; one that is newer pages', () => {
    expect(eventsOf(triggered(minute(1)), resolved(undefined), triggered(minute(1)), triggered(minute(2)))).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(31)],
      ['triggered', minute(31) + 1],
    ]);
    expect(eventsOf(resolved(minute(5)), triggered(minute(1)), triggered(minute(6)))).toEqual([
      ['recovered', minute(5)],
      ['triggered', minute(6)],
    ]);
  });

  it('that is notified of is published as its notification says, but for a late trigger after its recovery', () => {
    expect(
      eventsOf(
        notified('triggered', minute(1)),
        notified('renotified', minute(2)),
        notified('recovered', minute(5)),
        notified('triggered', minute(1)),
        notified('recovered', minute(5)),
        notified('triggered', minute(6)),
      ),
    ).toEqual([
      ['triggered', minute(1)],
      ['renotified', minute(2)],
      ['recovered', minute(5)],
      ['recovered', minute(5)],
      ['triggered', minute(6)],
    ]);
    // One from the future is remembered by nobody.
    expect(eventsOf(notified('recovered', Date.UTC(2100)), notified('triggered', minute(31)))).toHaveLength(2);
  });

  it('whose time is more than five minutes ahead counts from its arrival', () => {
    expect(
      eventsOf(firing(Date.UTC(2100)), resolved(Date.UTC(2100)), firing(minute(32)), resolved(minute(33))),
    ).toEqual([
      ['triggered', minute(30)],
      ['recovered', minute(31)],
      ['triggered', minute(32)],
      ['recovered', minute(33)],
    ]);
  });

  it('that is not known recovers once, since its pages may be older than what is remembered', () => {
    expect(eventsOf(resolved(minute(5)), resolved(minute(5)))).toEqual([['recovered', minute(5)]]);
    expect(eventsOf(resolved(undefined), resolved(undefined))).toEqual([['recovered', minute(30)]]);
  });
});

const aTime = fc.option(fc.integer({ min: minute(0), max: minute(9) }), { nil: undefined });
const aSayingAt = (time: fc.Arbitrary<number | undefined>) =>
  fc
    .tuple(
      fc.constantFrom('firing' as const, 'triggered' as const, 'resolved' as const),
      time,
      fc.constantFrom('a', 'b'),
    )
    .map(([state, at, digest]) => saying({ state, at }, digest));
const aSaying = aSayingAt(aTime);

it('whatever a source says, a trigger is later than the last recovery, and a recovery not before the last trigger', () => {
  fc.assert(
    fc.property(fc.array(aSaying, { maxLength: 20 }), (sayings) => {
      let [trigger, recovery] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const [transition, at] of eventsOf(...sayings) as [string, number][]) {
        if (transition === 'recovered') {
          expect(at).toBeGreaterThanOrEqual(trigger);
          recovery = Math.max(recovery, at);
        } else {
          expect(at).toBeGreaterThan(recovery);
          trigger = at;
        }
      }
    }),
  );
});

it('the same saying twice makes the same event or none: a sender may repeat it', () => {
  fc.assert(
    fc.property(fc.array(aSaying, { maxLength: 20 }), aSaying, (before, last) => {
      let episode: Episode | undefined;
      for (const each of before) episode = decide(episode, each, minute(30))?.next ?? episode;
      const step = decide(episode, last, minute(31));
      const again = decide(step?.next ?? episode, last, minute(31));
      expect(again).toBeUndefined();
    }),
  );
});

it('no time ahead of the clock silences a recovery or a firing after it', () => {
  const anyTime = fc.option(fc.integer({ min: minute(0), max: Date.UTC(2199) }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(aSayingAt(anyTime), { maxLength: 10 }), (before) => {
      let episode: Episode | undefined;
      const transitionAt = (each: Saying, now: number) => {
        const step = decide(episode, each, now);
        episode = step?.next ?? episode;
        return step?.transition;
      };
      for (const each of before) transitionAt(each, minute(30));
      transitionAt(resolved(minute(36)), minute(36));
      expect(episode?.open).not.toBe(true);
      expect(transitionAt(firing(minute(37)), minute(37))).toBe('triggered');
      expect(transitionAt(resolved(minute(38)), minute(38))).toBe('recovered');
    }),
  );
});
