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

export const help = `npm run fuzz -- [options]: every decoder, parser and HTTP route against arbitrary input

  --minutes M     the time for all targets together (default 5)
  --seed N        selects the cases (default 1)
  --target TEXT   only targets whose names contain this, such as "contracts" or "http page-routing"
  --path P        with --target and --seed: the single case of a failure report
  --help          prints this text

HTTP routes are fed on a private stack: ignores KAFKA_BROKERS and DATABASE_URL.
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
    throw new UsageError(`--path must be as in 12:3:0, not ${path}`);
  if (path !== undefined && target === undefined) throw new UsageError('--path needs --target: it names a case of one');
  return { seed, minutes, ...(target === undefined ? {} : { target }), ...(path === undefined ? {} : { path }) };
}
