import type { Transition } from '@pagebridge/vocabulary';
import type { Says } from '../alerts/source-alert.ts';

/** What is remembered of an alert. Times are in milliseconds since 1970. */
export interface Episode {
  readonly open: boolean;
  /** When it began by the clock of the source, if that said so; once it has ended, the last time that the source gave. */
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

/** What a source says of an alert, and after how long that is news again. */
export interface Saying {
  readonly says: Says;
  readonly digest: string;
  readonly repeatMs: number;
}

/** The event to publish, and what to remember then. `repeat`: its number among the repeats of the episode. */
export interface Step {
  /** The id of a notification, which is that of its event. */
  readonly id?: string;
  readonly transition: Transition;
  readonly occurredAt: number;
  readonly repeat?: number;
  readonly next?: Episode;
}

// As page-delivery has it. A time that is further ahead would silence what comes before it, and counts as none.
const maxAheadMs = 5 * 60_000;

/**
 * Decides what a saying adds to what is known: an event, or nothing (undefined).
 *
 * page-delivery ends a trigger that is older than the last recovery as superseded, so an alert that fires again with its old start, as
 * after a gap in the evaluation of its rule, is given a time after that recovery. All times are those of the source where it gives any:
 * a recovery by another clock could be older than its trigger.
 */
export function decide(before: Episode | undefined, saying: Saying, now: number): Step | undefined {
  const { says } = saying;
  const at = says.at !== undefined && says.at <= now + maxAheadMs ? says.at : undefined;
  if (says.state === 'resolved') return recovered(before, saying, at, now);
  // Whether it is late can be told only by one clock, that of the source.
  const isLate = says.state !== 'firing' && at !== undefined && before?.open === false && at <= (before.startsAt ?? 0);
  if (says.state === 'notified') {
    const { id, transition, at: occurredAt } = says;
    if (transition !== 'recovered') return isLate ? undefined : { id, transition, occurredAt };
    return { id, transition, occurredAt, ...(at === undefined ? {} : { next: ended(before, saying, at, at, now) }) };
  }
  return isLate ? undefined : fired(before, saying, at, now);
}

function fired(
  before: Episode | undefined,
  { says, digest, repeatMs }: Saying,
  startsAt: number | undefined,
  now: number,
): Step | undefined {
  const begun = (occurredAt: number): Episode => ({
    open: true,
    startsAt,
    occurredAt,
    recoveredAt: before?.recoveredAt,
    publishedAt: now,
    repeats: 0,
    digest,
  });
  if (before?.open && !isNewStart(before, startsAt)) {
    const isDue = now - before.publishedAt >= repeatMs;
    if (digest === before.digest && !isDue) return undefined;
    // A source that gives no times cannot say that it fires anew, and its recovery may be lost: then it pages anew.
    if (isDue && startsAt === undefined) {
      const occurredAt = Math.max(now, before.occurredAt + 1);
      return { transition: 'retriggered', occurredAt, next: begun(occurredAt) };
    }
    const repeat = before.repeats + 1;
    const next = { ...before, publishedAt: now, repeats: repeat, digest };
    return { transition: 'renotified', occurredAt: before.occurredAt, repeat, next };
  }
  const { recoveredAt } = before ?? {};
  const earliest = before?.open ? before.occurredAt + 1 : (recoveredAt ?? Number.NEGATIVE_INFINITY) + 1;
  const occurredAt = Math.max(startsAt ?? now, earliest);
  const transition = 'as' in says && says.as ? says.as : 'triggered';
  // A recovery was missed, and so nothing ended the pages of the former episode: this event joins them.
  const isMissed = before?.open && transition === 'triggered';
  return { transition: isMissed ? 'retriggered' : transition, occurredAt, next: begun(occurredAt) };
}

const isNewStart = (before: Episode, startsAt: number | undefined): boolean =>
  startsAt !== undefined && before.startsAt !== undefined && startsAt > before.startsAt;

function recovered(
  before: Episode | undefined,
  saying: Saying,
  endsAt: number | undefined,
  now: number,
): Step | undefined {
  if (before && isPast(before, endsAt)) return before.isEnding ? again(before) : undefined;
  const occurredAt = Math.max(endsAt ?? now, before?.occurredAt ?? Number.NEGATIVE_INFINITY);
  return { transition: 'recovered', occurredAt, next: ended(before, saying, endsAt, occurredAt, now) };
}

function ended(
  before: Episode | undefined,
  { digest }: Saying,
  at: number | undefined,
  recoveredAt: number,
  now: number,
): Episode {
  const known = [before?.startsAt, at].filter((time) => time !== undefined);
  return {
    open: false,
    startsAt: known.length > 0 ? Math.max(...known) : undefined,
    occurredAt: before?.occurredAt ?? recoveredAt,
    recoveredAt,
    publishedAt: now,
    repeats: 0,
    digest,
  };
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
