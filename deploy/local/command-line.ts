import type { ParseArgsOptionsConfig } from 'node:util';
// Its source, because programs of this folder run before the build.
import { exitCodes, optionsOf, UsageError } from '../../libs/process/src/index.ts';

export { exitCodes, optionsOf, UsageError };

/**
 * Parses the command line of a program of `package.json`.
 *
 * Prints the text and exits for `--help`, and exits as wrong usage for an unknown option: nothing has been started yet.
 */
export function commandLine<Options extends ParseArgsOptionsConfig>(
  text: string,
  options: Options,
  allowPositionals = false,
) {
  const values = orRefuse(() => optionsOf(process.argv.slice(2), options, allowPositionals));
  if (values) return { values, positionals: values.positionals };
  process.stdout.write(text);
  process.exit(exitCodes.done);
}

/** Returns the result of `read`; an Error of it ends the process as wrong usage. */
export function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    process.exit(exitCodes.usage);
  }
}
