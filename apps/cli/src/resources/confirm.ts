import { createInterface } from 'node:readline/promises';
import { UsageError } from '@pagebridge/programs';
import { CommandError, exitCodes } from '../exit-codes.ts';

/** Returns once a person agrees, or `--yes` was given. Throws UsageError if nobody can be asked, and CommandError if the answer is no. */
export async function confirm(what: string, yes: unknown): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError(`${what} Nobody can be asked here: give --yes`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what} Go on? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError(exitCodes.failed, 'Nothing was done.');
  } finally {
    terminal.close();
  }
}
