import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Episode, type Saying } from './episode.ts';

const minute = (n: number): number => Date.UTC(2026, 10, 26, 12, n);
const repeatMs = 4 * 3_600_000;
const firing = (startsAt: number | undefined, digest = 'a'): Saying => ({
  firing: true,
  startsAt,
  endsAt: undefined,
  digest,
});
const resolved = (endsAt: number | undefined): Saying => ({ firing: false, startsAt: undefined, endsAt, digest: 'a' });

/** Applies sayings one after the other, a minute apart, and returns the events. */
function eventsOf(...sayings: readonly Saying[]) {
  let episode: Episode | undefined;
  return sayings.flatMap((saying, index) => {
    const step = decide(episode, saying, minute(30 + index), repeatMs);
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
    const first = decide(undefined, firing(minute(1)), minute(1), repeatMs);
    const second = decide(first?.next, firing(minute(1)), minute(1) + repeatMs, repeatMs);
    const third = decide(second?.next, firing(minute(1)), minute(1) + 2 * repeatMs, repeatMs);
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
    const first = decide(undefined, firing(undefined), minute(1), repeatMs);
    expect(decide(first?.next, firing(undefined), minute(1) + repeatMs, repeatMs)).toMatchObject({
      transition: 'retriggered',
      occurredAt: minute(1) + repeatMs,
    });
  });

  it('whose recovery may not be published yet recovers again with the same event, and fires after it', () => {
    const first = decide(undefined, firing(minute(1)), minute(1), repeatMs);
    const ending = decide(first?.next, resolved(minute(5)), minute(6), repeatMs);
    const remembered = { ...(ending?.next as Episode), isEnding: true };
    const again = decide(remembered, resolved(minute(5)), minute(7), repeatMs);
    expect(again).toMatchObject({ transition: 'recovered', occurredAt: ending?.occurredAt });
    expect(again?.next.isEnding).toBeUndefined();
    expect(decide(remembered, firing(minute(1)), minute(7), repeatMs)).toMatchObject({ occurredAt: minute(5) + 1 });
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

  it('that is not known recovers once, since its pages may be older than what is remembered', () => {
    expect(eventsOf(resolved(minute(5)), resolved(minute(5)))).toEqual([['recovered', minute(5)]]);
    expect(eventsOf(resolved(undefined), resolved(undefined))).toEqual([['recovered', minute(30)]]);
  });
});

const aSaying = fc.record({
  firing: fc.boolean(),
  startsAt: fc.option(fc.integer({ min: minute(0), max: minute(9) }), { nil: undefined }),
  endsAt: fc.option(fc.integer({ min: minute(0), max: minute(9) }), { nil: undefined }),
  digest: fc.constantFrom('a', 'b'),
});

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
    fc.property(fc.array(aSaying, { maxLength: 20 }), aSaying, (before, saying) => {
      let episode: Episode | undefined;
      for (const each of before) episode = decide(episode, each, minute(30), repeatMs)?.next ?? episode;
      const step = decide(episode, saying, minute(31), repeatMs);
      const again = decide(step?.next ?? episode, saying, minute(31), repeatMs);
      expect(again).toBeUndefined();
    }),
  );
});
