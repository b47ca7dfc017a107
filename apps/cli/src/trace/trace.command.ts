import { momentIn, say, UsageError } from '@pagebridge/programs';
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

The answer is the last line. Exit code 3: nothing is known of the alert; 4: the same, and not all topics could be read.
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
    .description('Prints the whole life of an alert: whom it paged and why, or why it did not.')
    .argument('[alertKey]', 'the key of the alert, as its source names it')
    .option('--org <org>', 'the source org of the alert; default, without --kafka: that of the context')
    .option('--page <id>', 'the alert of this page, by the id of Pagebridge or of the destination')
    .option('--kafka', 'read the topics, without any service; otherwise page-history is asked')
    .addOption(brokersOption())
    .option('--since <time>', 'only what is younger: RFC 3339, or how long ago: 90s 30m 4h 7d')
    .option('--details', 'also topic, partition and offset of each record')
    .option('--follow', 'then print each new record and the changed answer, until it is settled or Ctrl-C')
    .addOption(new Option('-o, --output <form>', 'form of the output').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (alertKey: string | undefined, options: Options, command: Command) =>
      end(await (options.kafka ? fromKafka(alertKey, options) : fromHistory(alertKey, command))),
    );

async function fromHistory(alertKey: string | undefined, command: Command): Promise<number> {
  const options = command.optsWithGlobals<Options>();
  if (options.follow ?? options.since) throw new UsageError('--follow and --since are for the topics: add --kafka');
  if ((alertKey === undefined) === (options.page === undefined))
    throw new UsageError('which alert? Give its key, or --page');
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
  if (options.follow && options.output === 'json') throw new UsageError('--follow prints text: leave out -o json');
  const now = new Date();
  const since = options.since === undefined ? undefined : momentIn('--since', options.since, now);
  const sources = new KafkaSources(inspectedKafka(options.brokers));
  try {
    const alerts = 'page' in given ? await sources.alertsOfPage(given.page) : [given];
    const [alert, ...others] = alerts;
    for (const { sourceOrg, alertKey } of others) say(`another page has this id: of ${sourceOrg} ${alertKey}`);
    if (!alert) {
      refuseUnread(sources);
      say(
        `no command and no outcome names the page ${options.page}: it is older than what the topics keep, or another's`,
      );
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
  const message = `Nothing was found, and these topics do not exist, or this user may not read them: ${topics}`;
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
  throw new UsageError('which alert? Give its key and --org, or --page');
}
