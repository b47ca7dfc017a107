/** What an operator decides about delivery. All in milliseconds unless said otherwise. */
export interface Policy {
  /** A re-trigger this long after the page it would join pages again. */
  readonly reopenAfterMs: number;
  /** A page that was not accepted for so long is given up; likewise a resolve. */
  readonly maxAgeMs: number;
  /** An alert that saw nothing for so long is forgotten. */
  readonly retentionMs: number;
  /** How long a page waits for a connection that is not known. */
  readonly connectionGraceMs: number;
}

export const defaultPolicy: Policy = {
  reopenAfterMs: 60 * 60_000,
  maxAgeMs: 4 * 60 * 60_000,
  retentionMs: 7 * 24 * 60 * 60_000,
  connectionGraceMs: 30_000,
};

/** An alert without pages is remembered so long, for triggers that arrive after the recovery they precede. */
export const latenessMs = 60 * 60_000;

// One alert's record, uncompressed, can be written and read back, whatever its source writes: that takes a million bytes
// with key and headers, of which its pages may fill these, with what they come to hold later.
export const mostBytesOfPages = 980_000;
export const mostLivePages = 200;
export const mostEndedPages = 40;

/** So many answers that say "created" without naming the page, whatever other failures lie between, give it up. */
export const mostBadAnswers = 3;
