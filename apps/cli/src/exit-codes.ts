import { exitCodes as common } from '@pagebridge/process';

/** The exit codes of all commands. */
export const exitCodes = { ...common, notFound: 3, notAllowed: 4, unavailable: 5 } as const;

/** A command cannot go on; the message says why, and may have several lines. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}
