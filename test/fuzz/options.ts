import { optionsOf, UsageError } from '@pagebridge/local-stack/base';

/** The options of one run. */
export interface FuzzOptions {
  readonly seed: number;
  readonly minutes: number;
  /** A part of the names of the targets; without it all are fed. */
  readonly target?: string;
  /** The single case to repeat, from the report of a failure. */
  readonly path?: string;
}

export const help = `npm run fuzz -- [options]: test every decoder, parser and HTTP route with arbitrary input

  --minutes M     total time for all targets in minutes (5)
  --seed N        seed for the cases (1)
  --target TEXT   only targets whose names contain this text, such as "contracts" or "http page-routing"
  --path P        with --target and --seed: repeat only this case of a failure report
  --help          print this help

HTTP routes are tested on a private stack. KAFKA_BROKERS and DATABASE_URL are ignored.
`;

const usage = {
  minutes: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  target: { type: 'string' },
  path: { type: 'string' },
} as const;

/** Returns the options of a command line; undefined for `--help`. Throws UsageError. */
export function fuzzOptionsOf(args: readonly string[]): FuzzOptions | undefined {
  const values = optionsOf(args, usage);
  if (!values) return undefined;
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new UsageError(`--minutes must be above 0, not ${values.minutes}`);
  if (!/^\d+$/.test(values.seed) || seed >= 2 ** 31) {
    throw new UsageError(`--seed must be a whole number below 2^31, not ${values.seed}`);
  }
  const { target, path } = values;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
    throw new UsageError(`--path must have a form such as 12:3:0, not ${path}`);
  if (path !== undefined && target === undefined) throw new UsageError('--path requires --target');
  return { seed, minutes, ...(target === undefined ? {} : { target }), ...(path === undefined ? {} : { path }) };
}
