import type { ParseArgsOptionsConfig } from 'node:util';
import { optionsOf, UsageError } from './command-line.ts';
import { sayError } from './say.ts';

/** The exit codes that every program shares; a program may have more. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** Runs a program, prints the message of its error, and returns its exit code. */
export async function exitCodeOf(program: (line: readonly string[]) => Promise<number>): Promise<number> {
  try {
    return await program(process.argv.slice(2));
  } catch (error) {
    sayError(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

/** Runs a program that has options only: prints its help for `--help`, or does its work, and sets the exit code of the process. */
export async function runProgram<Options extends ParseArgsOptionsConfig>(
  help: string,
  options: Options,
  work: (values: NonNullable<ReturnType<typeof optionsOf<Options>>>) => Promise<number>,
): Promise<void> {
  process.exitCode = await exitCodeOf(async (line) => {
    const values = optionsOf(line, options);
    if (values) return work(values);
    process.stdout.write(help);
    return exitCodes.done;
  });
}
