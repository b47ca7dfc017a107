import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

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
  readonly only: string;
  /** Another checkout whose services are measured in turn with these. */
  readonly beside: string | undefined;
}

export type Asked =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly complaint: string };

/** Parses a command line; `known` are the names of the benchmarks. */
export function parseArguments(args: readonly string[], known: readonly string[]): Asked {
  const parsed = parse(args);
  if (typeof parsed === 'string') return { kind: 'wrong', complaint: parsed };
  const { help, quick, long, secure, profile, only, beside } = parsed.values;
  if (help) return { kind: 'help' };
  const [bench, ...more] = parsed.positionals;
  if (bench === undefined || more.length > 0 || !known.includes(bench)) {
    const named = parsed.positionals.join(' ') || 'nothing';
    return { kind: 'wrong', complaint: `name one benchmark (${known.join(', ')}), not ${named}` };
  }
  const [rounds, pages] = [countIn(parsed.values.rounds), countIn(parsed.values.pages)];
  if (Number.isNaN(rounds)) return notCount('rounds', parsed.values.rounds);
  if (Number.isNaN(pages)) return notCount('pages', parsed.values.pages);
  if (beside !== undefined && !existsSync(join(beside, built))) {
    return { kind: 'wrong', complaint: `--beside must be a checkout that is built: ${join(beside, built)} is missing` };
  }
  const other = beside === undefined ? undefined : resolve(beside);
  return { kind: 'run', options: { bench, quick, long, secure, profile, rounds, pages, only, beside: other } };
}

/** Returns a whole number above 0; NaN for another text. */
function countIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  return Number.isInteger(count) && count > 0 ? count : Number.NaN;
}

const notCount = (option: string, text = ''): Asked => ({
  kind: 'wrong',
  complaint: `--${option} must be a whole number above 0, not ${text}`,
});

const built = 'apps/page-delivery/dist/main.js';

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.filter((argument) => argument !== '--'),
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        quick: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        secure: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        pages: { type: 'string' },
        only: { type: 'string', default: '' },
        beside: { type: 'string' },
      },
    });
  } catch (error) {
    // The option is unknown; the message names it.
    return (error as Error).message;
  }
}

/** Returns the command that repeats a run, without `--profile`: a profile changes no figure that counts. */
export function commandOf({ bench, quick, long, secure, rounds, pages, only, beside }: BenchOptions): string {
  const options = [
    ...(quick ? ['--quick'] : []),
    ...(long ? ['--long'] : []),
    ...(secure ? ['--secure'] : []),
    ...(rounds === undefined ? [] : [`--rounds ${rounds}`]),
    ...(pages === undefined ? [] : [`--pages ${pages}`]),
    ...(only === '' ? [] : [`--only '${only}'`]),
    ...(beside === undefined ? [] : [`--beside ${relative(process.cwd(), beside)}`]),
  ];
  return [`npm run bench:${bench}`, ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
}

/** Returns the text of `--help` with the benchmarks and their questions. */
export function helpText(questions: readonly (readonly [name: string, question: string])[]): string {
  const width = Math.max(...questions.map(([name]) => name.length));
  const lines = questions.map(([name, question]) => `  ${name.padEnd(width)}  ${question}`);
  return `npm run bench -- <name> [--quick] [--long] [--secure] [--rounds N] [--pages N] [--only text] [--beside folder] [--profile]

${lines.join('\n')}

  --quick      one short round of about a minute: a check that the benchmark works; its figures mean little
  --long       also measurements of a quarter of an hour: routing rules without a sync request (sync)
  --secure     the cost of TLS, logins and ACLs: measures with and without them, in turn (end-to-end)
  --rounds N   the number of measurements of every contender; the medians count
  --pages N    the number of pages that wait (flood)
  --only text  measures only contenders whose name contains this text
  --beside folder
               measures the services of another built checkout, in turn with these, and prints the ratios
  --profile    also writes a CPU profile of each measured process to .local/profiles/ (Chrome DevTools opens it)

Starts its own Kafka and other processes, so that figures are comparable: ignores KAFKA_BROKERS and DATABASE_URL.
Progress is on stderr. The last line on stdout is JSON: figures, ratios, goals and the machine.
`;
}
