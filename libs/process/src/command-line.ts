import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** An invalid command line or configuration; the message names the option or variable, and what it may be. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

const help = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Returns the values of the options and the `positionals`; undefined for `--help`.
 *
 * Throws UsageError, also for an option that did not arrive because npm has taken it.
 */
export function optionsOf<Options extends ParseArgsOptionsConfig>(
  line: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  refuseSwallowed(line, options);
  const config = { args: [...line], allowPositionals, options: { ...help, ...options } };
  const { values, positionals } = orUsage(() => parseArgs(config), complaintOf);
  return 'help' in values && values.help ? undefined : { ...values, positionals };
}

/** Returns the result of `read`; turns its Error into a UsageError. */
export function orUsage<T>(read: () => T, textOf = ({ message }: Error) => message): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(textOf(error as Error));
  }
}

/** Returns the whole number that an option gives. Throws UsageError. */
export function countIn(option: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new UsageError(
    `${option} ${text}: not a whole number ${most < 1e9 ? `from ${least} to ${most}` : `of at least ${least}`}`,
  );
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Returns the milliseconds since 1970 of the time that an option gives: RFC 3339, or how long ago. Throws UsageError. */
export function momentIn(option: string, text: string, now: Date): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount && unit) return now.getTime() - Number(amount) * unitMs[unit as keyof typeof unitMs];
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(
      `${option} ${text}: not a time\nhint: use RFC 3339 (2026-01-31T12:00:00Z) or an age (90s, 30m, 4h, 7d)`,
    );
  return time;
}

/** Returns the command that a person has typed, if npm runs this program. */
function npmCommand(): string | undefined {
  const { npm_lifecycle_event: script } = process.env;
  return script && ['npm', ...(script === 'start' || script === 'test' ? [] : ['run']), script].join(' ');
}

/** Returns the complaint about a command line, with a hint that names the command for the options. */
export function complaintOf({ message }: Error): string {
  // Node adds sentences, such as how to give a text that looks like an option.
  const [complaint] = message.split(/\.\s(?=(?:Did|This|To) )/);
  const command = npmCommand();
  const lower = `${complaint?.charAt(0).toLowerCase()}${complaint?.slice(1)}`;
  return `${lower}\nhint: list the options with ${command ? `${command} -- --help` : '--help'}`;
}

// Many machines set `yes` for npx, and `registry` for packages: neither says that an option was taken.
const setOnMachines = ['yes', 'registry'];

/**
 * Throws UsageError for options that did not arrive: npm takes those that stand before `--` for its own, and passes most of them on as
 * variables.
 */
export function refuseSwallowed(line: readonly string[], options: ParseArgsOptionsConfig): void {
  const command = npmCommand();
  const swallowed = Object.entries(options).filter(([name, { short = name }]) => {
    const isSet = [name, short].some((known) => process.env[`npm_config_${known.replaceAll('-', '_')}`]);
    return (
      isSet &&
      !setOnMachines.includes(name) &&
      !line.some((text) => text === `--${name}` || text.startsWith(`--${name}=`))
    );
  });
  if (!command || swallowed.length === 0) return;
  const names = swallowed.map(([name]) => `--${name}`).join(', ');
  const typed = swallowed.map(([name, { type }]) => `--${name}${type === 'string' ? ' …' : ''}`).join(' ');
  throw new UsageError(`npm used ${names} as its own option\nhint: put -- before the options: ${command} -- ${typed}`);
}
