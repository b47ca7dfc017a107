/** The operator's settings of delivery, in milliseconds. */
export interface Policy {
  /** A re-trigger this long after an open page pages again instead of joining it. */
  readonly reopenAfterMs: number;
  /** A page that is not accepted for so long is given up; likewise a resolve. */
  readonly maxAgeMs: number;
  readonly retentionMs: number;
  readonly connectionGraceMs: number;
}

/** An alert without pages is kept so long, for triggers that arrive after their recovery. */
export const latenessMs = 60 * 60_000;

// An alert's record of a million bytes can be written and read back. Its pages may take this much of it, with what they
// come to hold later.
export const mostBytesOfPages = 980_000;
export const mostLivePages = 200;
export const mostEndedPages = 40;

/** A page is given up after so many answers that say "created" without a page id. */
export const mostBadAnswers = 3;
