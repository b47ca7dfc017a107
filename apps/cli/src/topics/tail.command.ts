import {
  answered,
  type ConsumedRecord,
  Follower,
  type KafkaSettings,
  merged,
  mergedFetchBytes,
  RangeReader,
  requireRights,
  topicsSeen,
} from '@pagebridge/kafka';
import { momentIn, say } from '@pagebridge/programs';
import { type Chosen, isChosen, knownAmong, type Said, saidBy, topicNamed } from '@pagebridge/topics';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { jsonOf } from '../output/output.ts';
import { endWithReader, interrupted, printLine } from '../output/stream.ts';

const more = `
Examples:
  pagebridge topics tail alerts --org acme-us
  pagebridge topics tail page-outcomes --handle @oncall-core-infra --since 24h
  pagebridge topics tail page-commands.dead --since 7d -o jsonl | jq .data
  pagebridge topics tail org-alerts.acme-us --follow

Topics may be named in short: alerts is paging.alerts.v1. A line has the time in Kafka, partition/offset, key, kind and summary.
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
    .description('Prints the records of a topic, decoded, in the order of their times.')
    .argument('<topic>', 'its name, or its short name')
    .option('--org <org>', 'only of this source org')
    .option('--handle <handle>', 'only those that name this handle')
    .option('--record-key <key>', 'only of this key; with --org, or of an alert, the key of the alert is enough')
    .option('--since <time>', 'RFC 3339, or how long ago: 90s 30m 4h 7d; default 1h, or from now on with --follow')
    .option('--follow', 'print new records until Ctrl-C')
    .addOption(brokersOption())
    .addOption(new Option('-o, --output <form>', 'form of a record').choices(['text', 'jsonl']).default('text'))
    .addHelpText('after', more)
    .action(async (name: string, options: Options) => end(await tail(name, options)));

async function tail(name: string, options: Options): Promise<number> {
  const { follow, since = follow ? '0s' : '1h' } = options;
  const sinceMs = momentIn('--since', since, new Date());
  const settings = inspectedKafka(options.brokers);
  const counts = await topicsSeen(settings);
  const topic = topicNamed(name, knownAmong(counts.keys()));
  if (topic === undefined) {
    say(`${name} is no topic of Pagebridge here, or this user may not see it; topics ls lists them.`);
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
    if (reader.undecodable > 0) say(`${reader.undecodable} batches cannot be read.`);
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
    if (waiting > maxWaiting) return stuck.reject(new Error('What is printed is not read: the output was stopped'));
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
