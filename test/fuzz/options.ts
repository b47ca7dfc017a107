import { parseArgs } from 'node:util';

/** What one run is to be. */
export interface FuzzOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Part of the names of the targets that are fed; all where there is none. */
  readonly only?: string;
  /** The one case to repeat, as a failure tells it. */
  readonly path?: string;
}

export const help = `npm run fuzz -- [options]: every decoder, parser and HTTP route against arbitrary input

  --minutes M     how long in all (default 5)
  --seed N        draws other cases (default 1)
  --only TARGET   targets whose names contain this, as "contracts" or "http page-routing"
  --path P        with --only and --seed: the one case that a failure named
  --help          this

HTTP routes are fed on a stack of its own: KAFKA_BROKERS and DATABASE_URL are not used.
`;

const usage = {
  minutes: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  path: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** The run that a command line asks for; undefined: help is wanted. Throws an Error that says what is wrong. */
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
