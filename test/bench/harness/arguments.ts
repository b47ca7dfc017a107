import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { optionsOf, UsageError } from '@pagebridge/local-stack/base';

/** The options of a benchmark run. */
export interface BenchOptions {
  readonly bench: string;
  readonly quick: boolean;
  /** Includes measurements that take a quarter of an hour. */
  readonly long: boolean;
  /** Measures with TLS, logins and ACLs, in turn with plaintext. */
  readonly secure: boolean;
  readonly profile: boolean;
  readonly rounds: number | undefined;
  /** The number of pages that wait in a flood. */
  readonly pages: number | undefined;
  /** Only contenders whose name contains this text. */
  readonly contenders: string;
  /** Another checkout whose services are measured in turn with these. */
  readonly beside: string | undefined;
}

const usage = {
  quick: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  secure: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  pages: { type: 'string' },
  contenders: { type: 'string', default: '' },
  beside: { type: 'string' },
} as const;
const built = 'apps/page-delivery/dist/main.js';

/** Parses a command line; `known` are the names of the benchmarks. Returns undefined for `--help`. Throws UsageError. */
export function benchOptionsOf(args: readonly string[], known: readonly string[]): BenchOptions | undefined {
  const values = optionsOf(args, usage, true);
  if (!values) return undefined;
  const { quick, long, secure, profile, contenders, beside, positionals } = values;
  const [bench, ...more] = positionals;
  if (bench === undefined || more.length > 0 || !known.includes(bench)) {
    throw new UsageError(
      `expected one benchmark, got ${positionals.join(' ') || 'none'}\nhint: use one of ${known.join(', ')}`,
    );
  }
  if (beside !== undefined && !existsSync(join(beside, built))) {
    throw new UsageError(`--beside must be a built checkout: ${join(beside, built)} is missing`);
  }
  const [rounds, pages] = [countOf('rounds', values.rounds), countOf('pages', values.pages)];
  const other = beside === undefined ? undefined : resolve(beside);
  return { bench, quick, long, secure, profile, rounds, pages, contenders, beside: other };
}

function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--${option} must be a whole number above 0, not ${text}`);
}

/** Returns the command that repeats a run, without `--profile`: a profile changes no figure that counts. */
export function commandOf({ bench, quick, long, secure, rounds, pages, contenders, beside }: BenchOptions): string {
  const options = [
    ...(quick ? ['--quick'] : []),
    ...(long ? ['--long'] : []),
    ...(secure ? ['--secure'] : []),
    ...(rounds === undefined ? [] : [`--rounds ${rounds}`]),
    ...(pages === undefined ? [] : [`--pages ${pages}`]),
    ...(contenders === '' ? [] : [`--contenders '${contenders}'`]),
    ...(beside === undefined ? [] : [`--beside ${relative(process.cwd(), beside)}`]),
  ];
  return [`npm run bench -- ${bench}`, ...options].join(' ');
}

/** Returns the text of `--help` with the benchmarks and their questions. */
export function helpText(questions: readonly (readonly [name: string, question: string])[]): string {
  const width = Math.max(...questions.map(([name]) => name.length));
  const lines = questions.map(([name, question]) => `  ${name.padEnd(width)}  ${question}`);
  return `npm run bench -- <name> [--quick] [--long] [--secure] [--rounds N] [--pages N] [--contenders text] [--beside folder] [--profile]

${lines.join('\n')}

  --quick      run one short round of about a minute, only to check that the benchmark works
  --long       also run measurements of 15 minutes: routing rules without a sync request (sync)
  --secure     measure the cost of TLS, logins and ACLs: alternate rounds with and without them (end-to-end)
  --rounds N   number of measurements of each contender; the medians are reported
  --pages N    number of waiting pages (flood)
  --contenders text
               measure only contenders whose names contain this text
  --beside folder
               also measure the services of another built checkout, in alternate rounds, and print the ratios
  --profile    also write a CPU profile of each measured process to .local/profiles/, for Chrome DevTools

The benchmark starts its own Kafka and other processes. KAFKA_BROKERS and DATABASE_URL are ignored.
Progress goes to stderr. The last line on stdout is JSON with figures, ratios, goals and the machine.
`;
}
