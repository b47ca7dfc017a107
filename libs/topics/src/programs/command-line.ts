import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { orgIdPattern } from '@pagebridge/vocabulary';

/** What was asked for cannot be meant; the message says what would help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The values of the options on the line, or undefined where it asks for help. */
export function optionsOf<Options extends ParseArgsOptionsConfig>(line: readonly string[], options: Options) {
  const help = { help: { type: 'boolean', short: 'h' } } as const;
  const { values } = orUsage(() => parseArgs({ args: [...line], options: { ...help, ...options } }));
  return 'help' in values && values.help ? undefined : values;
}

/** What `read` returns; an Error of it is one of usage. */
export function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The source orgs that were named. */
export function sourceOrgsIn(named: readonly string[] = []): readonly string[] {
  const wrong = named.find((org) => !new RegExp(orgIdPattern).test(org));
  if (wrong === undefined) return named;
  throw new UsageError(`--org must be a source org, 1 to 63 of a-z 0-9 and - within, not ${JSON.stringify(wrong)}`);
}

/** Runs a program to its exit code, which is 2 where it was asked for what cannot be meant, and 1 where it failed. */
export async function exitCodeOf(program: (line: readonly string[]) => Promise<number>): Promise<number> {
  try {
    return await program(process.argv.slice(2));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const told = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${told}${isUsage ? '; --help shows what can be asked for' : ''}\n`);
    return isUsage ? 2 : 1;
  }
}
