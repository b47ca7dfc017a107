import type { Transition } from '@pagebridge/vocabulary';

/** What is remembered of an alert. Times are in milliseconds since 1970. */
export interface Episode {
  readonly open: boolean;
  /** When it began by the clock of the source, if that said so. */
  readonly startsAt: number | undefined;
  /** The time of the event that began it. */
  readonly occurredAt: number;
  /** The time of the event that ended an episode last. */
  readonly recoveredAt: number | undefined;
  readonly publishedAt: number;
  readonly repeats: number;
  readonly digest: string;
}

/** What a source says of an alert. */
export interface Saying {
  readonly firing: boolean;
  readonly transition?: Extract<Transition, 'warned' | 'no-data'>;
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  readonly digest: string;
}

/** The event to publish, and what to remember then. `repeat`: its number among the repeats of the episode. */
export interface Step {
  readonly transition: Transition;
  readonly occurredAt: number;
  readonly repeat?: number;
  readonly next: Episode;
}

/**
 * Decides what a saying adds to what is known: an event, or nothing (undefined).
 *
 * page-delivery ends a trigger that is older than the last recovery as superseded, so an alert that fires again with its old start, as
 * after a gap in the evaluation of its rule, is given a time after that recovery. All times are those of the source where it gives any:
 * a recovery by another clock could be older than its trigger.
 */
export function decide(before: Episode | undefined, saying: Saying, now: number, repeatMs: number): Step | undefined {
  return saying.firing ? fired(before, saying, now, repeatMs) : recovered(before, saying, now);
}

function fired(before: Episode | undefined, saying: Saying, now: number, repeatMs: number): Step | undefined {
  const { startsAt, digest, transition = 'triggered' } = saying;
  if (before?.open && !isNewStart(before, startsAt)) {
    if (digest === before.digest && now - before.publishedAt < repeatMs) return undefined;
    const repeat = before.repeats + 1;
    const next = { ...before, publishedAt: now, repeats: repeat, digest };
    return { transition: 'renotified', occurredAt: before.occurredAt, repeat, next };
  }
  const { recoveredAt } = before ?? {};
  const earliest = before?.open ? before.occurredAt + 1 : (recoveredAt ?? Number.NEGATIVE_INFINITY) + 1;
  const occurredAt = Math.max(startsAt ?? now, earliest);
  const next = { open: true, startsAt, occurredAt, recoveredAt, publishedAt: now, repeats: 0, digest };
  // A recovery was missed, and so nothing ended the pages of the former episode: this event joins them.
  return { transition: before?.open && transition === 'triggered' ? 'retriggered' : transition, occurredAt, next };
}

const isNewStart = (before: Episode, startsAt: number | undefined): boolean =>
  startsAt !== undefined && before.startsAt !== undefined && startsAt > before.startsAt;

function recovered(before: Episode | undefined, { endsAt, digest }: Saying, now: number): Step | undefined {
  if (before && isPast(before, endsAt)) return undefined;
  const occurredAt = Math.max(endsAt ?? now, before?.occurredAt ?? Number.NEGATIVE_INFINITY);
  const next = {
    open: false,
    startsAt: before?.startsAt,
    occurredAt: before?.occurredAt ?? occurredAt,
    recoveredAt: occurredAt,
    publishedAt: now,
    repeats: 0,
    digest,
  };
  return { transition: 'recovered', occurredAt, next };
}

/** Returns whether a recovery is one that is known, or a late copy of the one that ended the former episode. */
function isPast({ open, startsAt, recoveredAt }: Episode, endsAt: number | undefined): boolean {
  // Without a time it ends what is open, and is a repeat otherwise.
  if (endsAt === undefined) return !open;
  return open ? startsAt !== undefined && endsAt < startsAt : recoveredAt !== undefined && endsAt <= recoveredAt;
}
