import { parseArgs } from 'node:util';

/** The options of one run. */
export interface FuzzOptions {
  readonly seed: number;
  readonly minutes: number;
  /** A part of the names of the targets; without it all are fed. */
  readonly only?: string;
  /** The single case to repeat, from the report of a failure. */
  readonly path?: string;
}

export const help = `npm run fuzz -- [options]: every decoder, parser and HTTP route against arbitrary input

  --minutes M     the time for all targets together (default 5)
  --seed N        selects the cases (default 1)
  --only TARGET   only targets whose names contain this, such as "contracts" or "http page-routing"
  --path P        with --only and --seed: the single case of a failure report
  --help          prints this text

HTTP routes are fed on a private stack: ignores KAFKA_BROKERS and DATABASE_URL.
`;

const usage = {
  minutes: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  path: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Returns the options of a command line; undefined for `--help`. Throws an Error with the reason. */
export function optionsOf(args: readonly string[]): FuzzOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: usage });
  if (values.help) return undefined;
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error(`--minutes must be above 0, not ${values.minutes}`);
  if (!/^\d+$/.test(values.seed) || seed >= 2 ** 31) {
    throw new Error(`--seed must be a whole number below 2^31, not ${values.seed}`);
  }
  const { only, path } = values;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path)) throw new Error(`--path must be as in 12:3:0, not ${path}`);
  if (path !== undefined && only === undefined) throw new Error('--path needs --only: it names a case of one target');
  return { seed, minutes, ...(only === undefined ? {} : { only }), ...(path === undefined ? {} : { path }) };
}
