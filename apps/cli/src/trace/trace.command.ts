import { momentIn, UsageError } from '@pagebridge/programs';
import { textOfTrace, traceOf } from '@pagebridge/trace';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, kafkaOf } from '../kafka/kafka.ts';
import { safely } from '../output/output.ts';
import { say } from '../output/say.ts';
import { KafkaSources } from './kafka-sources.ts';

const examples = `
Examples:
  pagebridge trace monitor-4 --org acme-us --kafka
  pagebridge trace monitor-4 --org acme-us --kafka --since 6h --details
  pagebridge trace --page 0fd10a19cf4eef5f3f170a68581d4b30 --kafka
  pagebridge trace monitor-4 --org acme-us --kafka -o json | jq -r .answer.sentence

The answer is the last line. Exit code 3: nothing is known of the alert.
`;

interface Options {
  readonly org?: string;
  readonly page?: string;
  readonly kafka?: true;
  readonly brokers?: string;
  readonly since?: string;
  readonly details?: true;
  readonly output: 'text' | 'json';
}

/** Returns the command `trace`; `end` gets its exit code. */
export const traceCommand = (end: (code: number) => void): Command =>
  new Command('trace')
    .description('Prints the whole life of an alert: whom it paged and why, or why it did not.')
    .argument('[alertKey]', 'the key of the alert, as its source names it')
    .option('--org <org>', 'the source org of the alert')
    .option('--page <id>', 'the alert of this page, by the id of Pagebridge or of the destination')
    .option('--kafka', 'read the topics, without any service')
    .addOption(brokersOption())
    .option('--since <time>', 'only what is younger: RFC 3339, or how long ago: 90s 30m 4h 7d')
    .option('--details', 'also topic, partition and offset of each record')
    .addOption(new Option('-o, --output <form>', 'form of the output').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (alertKey: string | undefined, options: Options) => end(await trace(alertKey, options)));

async function trace(alertKey: string | undefined, options: Options): Promise<number> {
  const given = givenIn(alertKey, options);
  if (!options.kafka) throw new UsageError('where is it to be read? Give --kafka: the topics have all of it');
  const now = new Date();
  const since = options.since === undefined ? undefined : momentIn('--since', options.since, now);
  const sources = new KafkaSources({ ...kafkaOf('inspect', options.brokers), connectTimeoutMs: 5000 });
  try {
    const alerts = 'page' in given ? await sources.alertsOfPage(given.page) : [given];
    const [alert, ...others] = alerts;
    for (const { sourceOrg, alertKey } of others) say(`another page has this id: of ${sourceOrg} ${alertKey}`);
    if (!alert) {
      say(
        `no command and no outcome names the page ${options.page}: it is older than what the topics keep, or another's`,
      );
      return exitCodes.notFound;
    }
    const { lags, ...known } = await sources.about(alert.sourceOrg, alert.alertKey, since);
    const trace = traceOf(known, lags, now);
    process.stdout.write(
      options.output === 'json'
        ? safely(`${JSON.stringify(trace, null, 2)}\n`)
        : textOfTrace(trace, options.details === true),
    );
    return trace.answer.kind === 'unknown' ? exitCodes.notFound : exitCodes.done;
  } finally {
    await sources.close();
  }
}

type Given = { readonly page: string } | { readonly sourceOrg: string; readonly alertKey: string };

function givenIn(alertKey: string | undefined, { org, page }: Options): Given {
  if (page !== undefined && alertKey === undefined) return { page };
  if (alertKey !== undefined && org !== undefined && page === undefined) return { sourceOrg: org, alertKey };
  throw new UsageError('which alert? Give its key and --org, or --page');
}
