import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { orgIdPattern } from '@pagebridge/vocabulary';

/** An invalid command line; the message names the option and the allowed values. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Returns the values of the options, or undefined for `--help`. Throws UsageError. */
export function optionsOf<Options extends ParseArgsOptionsConfig>(line: readonly string[], options: Options) {
  const help = { help: { type: 'boolean', short: 'h' } } as const;
  const { values } = orUsage(() => parseArgs({ args: [...line], options: { ...help, ...options } }));
  return 'help' in values && values.help ? undefined : values;
}

/** Returns the result of `read`; turns its Error into a UsageError. */
export function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Returns the source orgs given by `--org`; throws UsageError for an invalid one. */
export function sourceOrgsIn(named: readonly string[] = []): readonly string[] {
  const wrong = named.find((org) => !new RegExp(orgIdPattern).test(org));
  if (wrong === undefined) return named;
  throw new UsageError(`--org must be 1 to 63 of a-z 0-9 -, with no - at either end, not ${JSON.stringify(wrong)}`);
}

/** Runs a program and returns its exit code: 2 for an invalid command line, 1 for any other error. */
export async function exitCodeOf(program: (line: readonly string[]) => Promise<number>): Promise<number> {
  try {
    return await program(process.argv.slice(2));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}${isUsage ? '; --help lists the options' : ''}\n`);
    return isUsage ? 2 : 1;
  }
}
