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
  /** Its recovery may not be published yet: it is remembered first, so that the next firing is later than it in any case. */
  readonly isEnding?: boolean;
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
    const isDue = now - before.publishedAt >= repeatMs;
    if (digest === before.digest && !isDue) return undefined;
    // A source that gives no times cannot say that it fires anew, and its recovery may be lost: then it pages anew.
    if (isDue && startsAt === undefined) {
      const occurredAt = Math.max(now, before.occurredAt + 1);
      return { transition: 'retriggered', occurredAt, next: begun(before, saying, occurredAt, now) };
    }
    const repeat = before.repeats + 1;
    const next = { ...before, publishedAt: now, repeats: repeat, digest };
    return { transition: 'renotified', occurredAt: before.occurredAt, repeat, next };
  }
  const { recoveredAt } = before ?? {};
  const earliest = before?.open ? before.occurredAt + 1 : (recoveredAt ?? Number.NEGATIVE_INFINITY) + 1;
  const occurredAt = Math.max(startsAt ?? now, earliest);
  const next = begun(before, saying, occurredAt, now);
  // A recovery was missed, and so nothing ended the pages of the former episode: this event joins them.
  return { transition: before?.open && transition === 'triggered' ? 'retriggered' : transition, occurredAt, next };
}

const begun = (
  before: Episode | undefined,
  { startsAt, digest }: Saying,
  occurredAt: number,
  now: number,
): Episode => ({
  open: true,
  startsAt,
  occurredAt,
  recoveredAt: before?.recoveredAt,
  publishedAt: now,
  repeats: 0,
  digest,
});

const isNewStart = (before: Episode, startsAt: number | undefined): boolean =>
  startsAt !== undefined && before.startsAt !== undefined && startsAt > before.startsAt;

function recovered(before: Episode | undefined, { endsAt, digest }: Saying, now: number): Step | undefined {
  if (before && isPast(before, endsAt)) return before.isEnding ? again(before) : undefined;
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

/** Returns the recovery that may not be published yet. */
function again({ isEnding: _, ...before }: Episode): Step {
  return { transition: 'recovered', occurredAt: before.recoveredAt ?? before.occurredAt, next: before };
}

/** Returns whether a recovery is one that is known, or a late copy of the one that ended the former episode. */
function isPast({ open, startsAt, recoveredAt }: Episode, endsAt: number | undefined): boolean {
  // Without a time it ends what is open, and is a repeat otherwise.
  if (endsAt === undefined) return !open;
  const isOld = recoveredAt !== undefined && endsAt <= recoveredAt;
  // Only the times of one clock can be compared.
  return open ? startsAt !== undefined && (endsAt < startsAt || isOld) : isOld;
}
