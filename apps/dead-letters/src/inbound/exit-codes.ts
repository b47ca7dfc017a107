/** What the exit code tells a script. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, notFound: 3, unavailable: 5 } as const;

/** The command line says something that cannot be meant; the message says what would help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
