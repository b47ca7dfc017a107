import { ownerOf } from '@pagebridge/contracts';
import { deadLetterSources, replayableTopics } from '@pagebridge/dead-letters';
import { countIn, momentIn, UsageError } from '@pagebridge/programs';
import { Command, Option } from 'commander';
import { type End, runOf } from '../http/act.ts';
import { brokersOption } from '../kafka/kafka.ts';
import { asker } from '../output/ask.ts';
import { type Form, outputOption } from '../output/output.ts';
import { addOrg } from '../resources/commands.ts';
import { lettersOf, throughHistory } from './from-history.ts';
import { type KafkaOptions, kafkaAt, readChosen, throughKafka } from './from-kafka.ts';
import { ls } from './ls.ts';
import { type ReplayOptions, replay } from './replay.ts';
import { type ShowOptions, show } from './show.ts';

const ofLs = `
Examples:
  pagebridge dead-letters ls --org acme-us
  pagebridge dead-letters ls --kafka --topic paging.org-alerts.v1.acme-us -o json

page-history lists those of a source org. --kafka also counts those that cannot be read, so that they are no org's.
`;
const ofShow = `
Examples:
  pagebridge dead-letters show --kafka --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters show --kafka --topic alerts --partition 5 --offset 4 -o json

Exit code 3: there is no such dead letter.
`;
const ofPreview = `
Examples:
  pagebridge dead-letters preview --org acme-us --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters preview --kafka --topic alerts --reason undecodable-batch --max-batch-mib 256

It says what page-delivery would decide by its present ledger: a new attempt to page the team, joined to an open
page (nobody is paged again), the resolve of its alert's pages; an alert is routed anew.

Skipped: already replayed (replayed); cannot be decoded under the present contract (unreadable); a parked batch without
--max-batch-mib (batch); the originals are only in their own topic (stub, show names the place); parked longer ago than its
topic keeps records (too-old); its alert has recovered (recovered); older than another one of the same alert and team
(collapsed); its page was not given up (not-given-up).
`;
const ofReplay = `
Examples:
  pagebridge dead-letters replay --org acme-us --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters replay --record-key 'acme-us/*' --yes -o json | jq .counts
  pagebridge dead-letters replay --kafka --topic alerts --record-key 'acme-us/*' --actor ada --yes

page-history sends them, and its audit names who is logged in. What is skipped: pagebridge dead-letters preview --help

Exit code 1: failed, or Kafka refuses a replay permanently; 5: page-history or Kafka does not answer, or only a part was
sent: run the command again, it sends the rest.
`;

interface Options extends KafkaOptions, ReplayOptions {
  readonly org?: string;
  readonly topic?: string;
  readonly kafka?: true;
  readonly brokers?: string;
}

/** Returns the commands for dead letters; `end` gets their exit code. */
export function deadLettersCommand(end: End, open = kafkaAt, personToAsk = asker): Command {
  const group = new Command('dead-letters').description('Lists dead letters and sends them again; never deletes any.');
  const add = <Its extends object>(
    command: Command,
    run: (options: Options & Its, topics: readonly string[], command: Command) => Promise<number>,
    help: string,
    known = deadLetterSources,
  ) => {
    const action = async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options & Its>();
      if (options.offset !== undefined && options.partition === undefined)
        throw new UsageError('--offset needs --partition: each partition has its own offsets');
      if (isOfKafka(options) && options.org !== undefined)
        throw new UsageError("--org is for page-history: with --kafka choose by --record-key '<org>/*'");
      end(await run(options, topicsIn(options.topic, known), command));
    };
    group.addCommand(selecting(command, known).addHelpText('after', help).action(action));
  };
  /** Runs `work` with the Kafka that the options name. */
  const inKafka = async (options: Options, work: (kafka: ReturnType<typeof open>) => Promise<number>) => {
    const kafka = open(options.brokers);
    return work(kafka).finally(() => kafka.bus.close());
  };

  const ls_ = new Command('ls').description('Counts dead letters by topic and reason.').addOption(outputOption());
  add<{ readonly output: Form }>(
    ls_,
    (options, topics) =>
      isOfKafka(options)
        ? inKafka(options, ({ bus }) => ls(options.output, (on) => readChosen(bus, topics, options, on)))
        : ls(options.output, async (on) =>
            (await lettersOf(runOf([], { ...options }), oneOf(topics), options)).forEach(on),
          ),
    ofLs,
  );

  const show_ = new Command('show')
    .description('Prints dead letters in full, with headers and value, from Kafka.')
    .option('--limit <n>', 'at most so many', (text) => countIn('--limit', text, 1), 20)
    .addOption(outputOf('yaml', 'json', 'jsonl', 'name'));
  add<ShowOptions>(
    show_,
    async (options, topics) => {
      if (!isOfKafka(options)) throw new UsageError('no service has what show prints: add --kafka');
      return inKafka(options, ({ bus }) => show(options, topics, bus));
    },
    ofShow,
  );

  const sending = async (options: Options, topics: readonly string[], command: Command) => {
    const ask = personToAsk();
    if (isOfKafka(options)) {
      if (!options.dryRun && !options.actor)
        throw new UsageError('replay needs --actor <name> for the audit; --dry-run does not');
      return inKafka(options, async (kafka) =>
        replay(options, throughKafka(kafka, topics, options), ask, { topic: topics[0] }),
      );
    }
    const foreign = kafkaOnly.find((name) => command.getOptionValueSource(name) === 'cli');
    if (foreign) throw new UsageError(`${flagOf(command, foreign)} is for Kafka: add --kafka, or leave it out`);
    const run = runOf([], { ...options });
    return replay(options, throughHistory(run, oneOf(topics), options), ask, { sourceOrg: run.org });
  };
  const preview_ = new Command('preview').description(
    'Says what a replay would send and why it would not; sends nothing.',
  );
  const preview = (options: Options, topics: readonly string[], command: Command) =>
    sending({ ...options, dryRun: true }, topics, command);
  add(planning(preview_), preview, ofPreview, replayableTopics);
  const replay_ = new Command('replay')
    .description('Sends dead letters again, after a preview of which are sent and why the others are not.')
    .option('--dry-run', 'only the preview')
    .option('--yes', 'do not ask for confirmation; needed without a terminal')
    .addOption(
      new Option('--actor <name>', 'with --kafka: who sends them, for the audit')
        .env('PAGEBRIDGE_ACTOR')
        .argParser(actorIn),
    )
    .option('--rate <n>', 'with --kafka: at most so many a second', (text) => countIn('--rate', text, 1), 100);
  add(planning(replay_), sending, ofReplay, replayableTopics);
  return group;
}

const kafkaOnly = ['actor', 'rate', 'forceNewPage', 'maxBatchMib'];
const flagOf = ({ options }: Command, name: string) => options.find((its) => its.attributeName() === name)?.long;
const isOfKafka = ({ kafka, brokers }: Options): boolean => kafka === true || brokers !== undefined;
const oneOf = (topics: readonly string[]) => (topics.length === 1 ? topics[0] : undefined);

const outputOf = (preset: Form, ...others: readonly Form[]): Option =>
  new Option('-o, --output <form>', 'form of the output').choices([preset, ...others]).default(preset);

/** Adds the options of a preview. */
const planning = (command: Command): Command =>
  command
    .option(
      '--force-new-page',
      'with --kafka, of page commands: create a new page, even where an open one would be joined',
    )
    .option(
      '--max-batch-mib <n>',
      'with --kafka: open parked batches, with at most so many MiB of records each',
      (text) => countIn('--max-batch-mib', text, 1, 2048),
    )
    .addOption(outputOf('table', 'json'));

/** Adds the options that choose dead letters. */
const selecting = (command: Command, known: readonly string[]): Command =>
  addOrg(command)
    .option('--topic <topic>', `${known.map(shortOf).join(', ')}, or the topic that an org owns`)
    .option('--reason <word>', 'as ls shows it; may be repeated', (word, former: string[] = []) => [...former, word])
    .option('--since <time>', 'parked at or after: RFC 3339, or how long ago: 90s 30m 4h 7d', (text) =>
      momentIn('--since', text, new Date()),
    )
    .option('--until <time>', 'parked before', (text) => momentIn('--until', text, new Date()))
    .option('--record-key <key>', '<sourceOrg>/<alertKey>, or its beginning and *')
    .option('--partition <n>', 'of the dead-letter topic', (text) => countIn('--partition', text, 0))
    .option('--offset <n>', 'with --partition: one dead letter', (text) => countIn('--offset', text, 0))
    .option('--kafka', 'read the topics, without any service; otherwise page-history is asked')
    .addOption(brokersOption());

const shortOf = (topic: string): string => topic.split('.')[1] ?? topic;

function topicsIn(topic: string | undefined, known: readonly string[]): readonly string[] {
  if (topic === undefined) return known;
  const name = topic.replace(/\.dead$/, '');
  const found = ownerOf(name) === undefined ? known.find((each) => [each, shortOf(each)].includes(name)) : name;
  if (!found) throw new UsageError(`--topic ${topic}: give ${known.join(', ')}, or an own alert topic`);
  return [found];
}

function actorIn(name: string): string {
  if (!/^[\x20-\x7e]{1,128}$/.test(name)) throw new UsageError('--actor must have 1 to 128 printable ASCII characters');
  return name;
}
