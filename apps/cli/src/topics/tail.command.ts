import {
  type ConsumedRecord,
  Follower,
  type KafkaSettings,
  RangeReader,
  requireRights,
  topicsSeen,
} from '@pagebridge/kafka';
import { momentIn, say, sayError } from '@pagebridge/process';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { answered } from '../kafka/answered.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { merged, mergedFetchBytes } from '../kafka/merged.ts';
import { jsonOf } from '../output/output.ts';
import { endWithReader, interrupted, printLine } from '../output/stream.ts';
import { knownAmong, topicNamed } from './names.ts';
import { type Chosen, isChosen, type Said, saidBy } from './said.ts';

const more = `
Examples:
  pagebridge topics tail alerts --org acme-us
  pagebridge topics tail page-outcomes --handle @oncall-core-infra --since 24h
  pagebridge topics tail page-commands.dead --since 7d -o jsonl | jq .data
  pagebridge topics tail org-alerts.acme-us --follow

A topic can be given by its alias: alerts is paging.alerts.v1. Each line has the Kafka timestamp, partition/offset, key, kind
and summary.
`;

interface Options extends Omit<Chosen, 'key'> {
  readonly recordKey?: string;
  readonly since?: string;
  readonly follow?: true;
  readonly brokers?: string;
  readonly output: 'text' | 'jsonl';
}

/** Returns the command `topics tail`; `end` gets its exit code. */
export const tailCommand = (end: (code: number) => void): Command =>
  new Command('tail')
    .description('Print the decoded records of a topic in the order of their timestamps.')
    .argument('<topic>', 'topic name or alias')
    .option('--org <org>', 'only records of this source org')
    .option('--handle <handle>', 'only records with this handle')
    .option('--record-key <key>', 'only records with this key; for an alert, the alert key is enough')
    .option(
      '--since <time>',
      'only records after this time: RFC 3339 or an age (90s, 30m, 4h, 7d); default 1h, with --follow now',
    )
    .option('--follow', 'print new records until Ctrl-C')
    .addOption(brokersOption())
    .addOption(new Option('-o, --output <form>', 'output format').choices(['text', 'jsonl']).default('text'))
    .addHelpText('after', more)
    .action(async (name: string, options: Options) => end(await tail(name, options)));

async function tail(name: string, options: Options): Promise<number> {
  const { follow, since = follow ? '0s' : '1h' } = options;
  const sinceMs = momentIn('--since', since, new Date());
  const settings = inspectedKafka(options.brokers);
  const counts = await topicsSeen(settings);
  const topic = topicNamed(name, knownAmong(counts.keys()));
  if (topic === undefined) {
    sayError(
      `no topic ${name}: it does not exist or is not visible to this user\nhint: list topics with pagebridge topics ls`,
    );
    return exitCodes.notFound;
  }
  await requireRights(settings, { [topic]: ['Read'] });
  const partitions = Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }));
  endWithReader();
  const reader = new RangeReader(settings, mergedFetchBytes);
  try {
    const ranges = await answered(reader, reader.ranges(partitions, sinceMs));
    for await (const record of merged(reader, ranges)) {
      const line = lineFor(record, options);
      if (line !== undefined) await printLine(line);
    }
    if (reader.undecodable > 0) say(`warning: ${reader.undecodable} unreadable batches are skipped`);
    if (follow) await followed(settings, ranges, options);
    return exitCodes.done;
  } finally {
    await reader.stop();
  }
}

type Ranges = Awaited<ReturnType<RangeReader['ranges']>>;

// What waits for a reader of the output that has stopped reading.
const maxWaiting = 32 * 1024 * 1024;

/** Prints the records after these ranges, one after the other, until Ctrl-C. Rejects if nobody takes what is printed. */
async function followed(settings: KafkaSettings, ranges: Ranges, options: Options): Promise<void> {
  let printing = Promise.resolve();
  let waiting = 0;
  const stuck = Promise.withResolvers<never>();
  const follower = new Follower(settings, (record) => {
    const line = lineFor(record, options);
    if (line === undefined) return;
    waiting += line.length;
    if (waiting > maxWaiting)
      return stuck.reject(new Error('output stopped: 32 MiB are waiting because the reader of the output is too slow'));
    printing = printing.then(async () => {
      await printLine(line);
      waiting -= line.length;
    });
  });
  const end = interrupted();
  try {
    await follower.start(ranges.map(({ topic, partition, high: offset }) => ({ topic, partition, offset })));
    await Promise.race([end, stuck.promise]);
    await printing;
  } finally {
    await follower.stop();
  }
}

/** Returns the line for a record; undefined if the options leave it out. */
function lineFor(record: ConsumedRecord, options: Options): string | undefined {
  const said = saidBy(record);
  if (!isChosen(said, { ...options, key: options.recordKey })) return undefined;
  return options.output === 'jsonl' ? jsonOf(said) : textOf(said);
}

const textOf = ({ at, partition, offset, key, kind, summary }: Said): string =>
  `${at} ${partition}/${offset} ${key === '' ? '-' : key} ${kind} ${summary}`;
