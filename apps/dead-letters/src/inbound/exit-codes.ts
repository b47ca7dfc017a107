export const exitCodes = { ok: 0, failed: 1, usage: 2, notFound: 3, unavailable: 5 } as const;

/** The command line is invalid; the message names the cure. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
