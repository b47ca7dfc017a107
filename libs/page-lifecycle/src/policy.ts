/** The configured limits of delivery, in milliseconds. */
export interface Policy {
  /** The age of an open page at which a re-trigger pages again instead of joining it. */
  readonly reopenAfterMs: number;
  /** The wait after which a page or a resolve that was not accepted is given up. */
  readonly maxAgeMs: number;
  readonly retentionMs: number;
  readonly connectionGraceMs: number;
}

/** The time for which an alert without pages is kept, for triggers that arrive after their recovery. */
export const latenessMs = 60 * 60_000;

// The record of an alert may have a million bytes; its pages may take this much, with the data that they gather later.
export const maxBytesOfPages = 980_000;
export const maxLivePages = 200;
export const maxEndedPages = 40;

/** The number of answers "created" without a page id after which a page is given up. */
export const maxBadAnswers = 3;
