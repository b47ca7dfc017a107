import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';

const help = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Parses the command line of a program of `package.json`.
 *
 * Prints the text and exits for `--help`, and exits with code 2 for an unknown option: nothing has been started yet.
 */
export function commandLine<Options extends ParseArgsOptionsConfig>(
  text: string,
  options: Options,
  allowPositionals = false,
) {
  const config = { args: process.argv.slice(2), allowPositionals, options: { ...help, ...options } };
  const { values, positionals } = orRefuse(() => parseArgs(config satisfies ParseArgsConfig));
  if ('help' in values && values.help) {
    process.stdout.write(text);
    process.exit(0);
  }
  return { values, positionals };
}

/** Returns the result of `read`; an Error of it ends the process as wrong usage. */
export function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}; --help lists the options\n`);
    process.exit(2);
  }
}

// The same pattern as `orgIdPattern` of libs/vocabulary, which may not be built yet.
const sourceOrg = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Returns the source orgs; throws if one of them is invalid. */
export function sourceOrgsIn(named: readonly string[] = []): readonly string[] {
  const wrong = named.find((org) => !sourceOrg.test(org));
  if (wrong === undefined) return named;
  throw new Error(`--org must be a source org, 1 to 63 of a-z 0-9 and - within, not ${JSON.stringify(wrong)}`);
}
