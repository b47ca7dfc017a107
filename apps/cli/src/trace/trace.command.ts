import { momentIn, say, sayError, UsageError } from '@pagebridge/process';
import { type PackedTrace, packed, type Trace, textOfTrace, traceOf, unpacked } from '@pagebridge/trace';
import { Command, Option } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { runOf } from '../http/act.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { jsonOf } from '../output/output.ts';
import { followed } from './follow.ts';
import { KafkaSources } from './kafka-sources.ts';

const examples = `
Examples:
  pagebridge trace monitor-4 --org acme-us
  pagebridge trace monitor-4 --org acme-us --kafka
  pagebridge trace monitor-4 --org acme-us --kafka --since 6h --details
  pagebridge trace monitor-4 --org acme-us --kafka --follow
  pagebridge trace --page 0fd10a19cf4eef5f3f170a68581d4b30 --kafka
  pagebridge trace monitor-4 --org acme-us --kafka -o json | jq -r .answer.sentence

The last line is the answer. Exit code 3: alert not found; 4: alert not found, and some topics are not readable.
`;

interface Options {
  readonly org?: string;
  readonly page?: string;
  readonly kafka?: true;
  readonly brokers?: string;
  readonly since?: string;
  readonly details?: true;
  readonly follow?: true;
  readonly output: 'text' | 'json';
}

/** Returns the command `trace`; `end` gets its exit code. */
export const traceCommand = (end: (code: number) => void): Command =>
  new Command('trace')
    .description('Show the history of an alert: whom it paged and why, or why nobody was paged.')
    .argument('[alertKey]', 'alert key, as set by its source')
    .option(
      '--org <org>',
      'source org of the alert; default without --kafka: PAGEBRIDGE_ORG, then the org of the context',
    )
    .option('--page <id>', 'page id of Pagebridge or of the destination, instead of an alert key')
    .option('--kafka', 'read the Kafka topics instead of page-history')
    .addOption(brokersOption())
    .option('--since <time>', 'with --kafka: only records after this time: RFC 3339 or an age (90s, 30m, 4h, 7d)')
    .option('--details', 'also print topic, partition and offset of each record')
    .option('--follow', 'with --kafka: print new records and changed answers until the alert is settled')
    .addOption(new Option('-o, --output <form>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (alertKey: string | undefined, options: Options, command: Command) =>
      end(await (options.kafka ? fromKafka(alertKey, options) : fromHistory(alertKey, command))),
    );

async function fromHistory(alertKey: string | undefined, command: Command): Promise<number> {
  const options = command.optsWithGlobals<Options>();
  if (options.follow ?? options.since) throw new UsageError('--follow and --since require --kafka');
  if ((alertKey === undefined) === (options.page === undefined))
    throw new UsageError('alert is missing\nhint: pass an alert key, or --page');
  const run = runOf([], { ...options });
  const { page } = options;
  const path = `/v1/source-orgs/${run.org}/trace`;
  const { body } = await run.services.call('GET', 'page-history', path, { query: { alertKey, page } });
  // Its service is of the same version as this program.
  const stored = body as unknown as PackedTrace & { readonly asOf: string | null };
  const trace = { ...unpacked(stored), asOf: stored.asOf ?? new Date().toISOString() };
  print(trace, options);
  return codeOf(trace);
}

async function fromKafka(alertKey: string | undefined, options: Options): Promise<number> {
  const given = givenIn(alertKey, options);
  if (options.follow && options.output === 'json') throw new UsageError('--follow cannot be combined with -o json');
  const now = new Date();
  const since = options.since === undefined ? undefined : momentIn('--since', options.since, now);
  const sources = new KafkaSources(inspectedKafka(options.brokers));
  try {
    const alerts = 'page' in given ? await sources.alertsOfPage(given.page) : [given];
    const [alert, ...others] = alerts;
    for (const { sourceOrg, alertKey } of others)
      say(`warning: another page has the same id: alert ${alertKey} of ${sourceOrg}`);
    if (!alert) {
      refuseUnread(sources);
      sayError(`page ${options.page} not found: it is unknown, or older than the retention of the topics`);
      return exitCodes.notFound;
    }
    const shown = (trace: Trace): void => {
      // It may well be known, in what could not be read.
      if (trace.events.length === 0) refuseUnread(sources);
      print(trace, options);
    };
    const trace = options.follow
      ? await followed(sources, since, alert, shown)
      : await traced(sources, since, alert, now);
    if (!options.follow) shown(trace);
    return codeOf(trace);
  } finally {
    await sources.close();
  }
}

/** Throws CommandError if topics could not be read, where nothing was found in the others. */
function refuseUnread({ unread }: KafkaSources): void {
  if (unread.size === 0) return;
  const topics = [...unread].join(', ');
  const message = `not found, and these topics do not exist or are not readable for this user: ${topics}`;
  throw new CommandError(exitCodes.notAllowed, message);
}

async function traced(sources: KafkaSources, since: number | undefined, alert: Alert, now: Date): Promise<Trace> {
  const { lags, ...known } = await sources.about(alert.sourceOrg, alert.alertKey, since);
  return traceOf(known, lags, now);
}

const codeOf = ({ events }: Pick<Trace, 'events'>): number =>
  events.length === 0 ? exitCodes.notFound : exitCodes.done;

const print = (trace: Trace, { output, details }: Options): void =>
  void process.stdout.write(output === 'json' ? `${jsonOf(packed(trace), 2)}\n` : textOfTrace(trace, details === true));

interface Alert {
  readonly sourceOrg: string;
  readonly alertKey: string;
}
type Given = { readonly page: string } | Alert;

function givenIn(alertKey: string | undefined, { org, page }: Options): Given {
  if (page !== undefined && alertKey === undefined) return { page };
  if (alertKey !== undefined && org !== undefined && page === undefined) return { sourceOrg: org, alertKey };
  throw new UsageError('alert is missing\nhint: pass an alert key and --org, or --page');
}
