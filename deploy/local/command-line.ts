import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';

const help = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * What a program of `package.json` was asked for.
 *
 * Ends the process for `--help`, with its text, and for an option that there is not, with exit code 2: nothing has been
 * started yet.
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

/** What `read` returns; an Error of it ends the process as wrong usage. */
export function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}; --help shows what can be asked for\n`);
    process.exit(2);
  }
}

// As `orgIdPattern` of libs/vocabulary has it, which may not be built yet.
const sourceOrg = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The source orgs that were named; throws for what is none. */
export function sourceOrgsIn(named: readonly string[] = []): readonly string[] {
  const wrong = named.find((org) => !sourceOrg.test(org));
  if (wrong === undefined) return named;
  throw new Error(`--org must be a source org, 1 to 63 of a-z 0-9 and - within, not ${JSON.stringify(wrong)}`);
}
