import { ownerOf } from '@pagebridge/contracts';
import { deadLetterSources, replayableTopics } from '@pagebridge/dead-letters';
import { countIn, momentIn, UsageError } from '@pagebridge/process';
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

Without --kafka, page-history lists the dead letters of a source org. With --kafka, unreadable dead letters, which belong to
no org, are counted too.
`;
const ofShow = `
Examples:
  pagebridge dead-letters show --kafka --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters show --kafka --topic alerts --partition 5 --offset 4 -o json

Exit code 3: dead letter not found.
`;
const ofPreview = `
Examples:
  pagebridge dead-letters preview --org acme-us --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters preview --kafka --topic alerts --reason undecodable-batch --max-batch-mib 256

The preview predicts the decision of page-delivery from its current ledger: a new attempt to page the team, joining an open
page (nobody is paged again), or resolving the pages of the alert. An alert is routed again.

Skipped dead letters, with the reason:
  replayed       already replayed
  unreadable     invalid under the current contract
  batch          a parked batch, without --max-batch-mib
  stub           the original is only in its own topic; show prints its place
  too-old        older than the retention of its topic
  recovered      the alert has recovered
  collapsed      a newer dead letter exists for the same alert and team
  not-given-up   the page was not given up
`;
const ofReplay = `
Examples:
  pagebridge dead-letters replay --org acme-us --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters replay --record-key 'acme-us/*' --yes -o json | jq .counts
  pagebridge dead-letters replay --kafka --topic alerts --record-key 'acme-us/*' --actor ada --yes

page-history sends them, and the audit records the person who is logged in. For the reasons of skipped dead letters, see
pagebridge dead-letters preview --help.

Exit code 1: failed, or Kafka rejected a replay permanently; 5: page-history or Kafka is unavailable, or only some were sent.
Run the command again to send the rest.
`;

interface Options extends KafkaOptions, ReplayOptions {
  readonly org?: string;
  readonly topic?: string;
  readonly kafka?: true;
  readonly brokers?: string;
}

/** Returns the commands for dead letters; `end` gets their exit code. */
export function deadLettersCommand(end: End, open = kafkaAt, personToAsk = asker): Command {
  const group = new Command('dead-letters').description(
    'List and replay dead letters. Dead letters are never deleted.',
  );
  const add = <Its extends object>(
    command: Command,
    run: (options: Options & Its, topics: readonly string[], command: Command) => Promise<number>,
    help: string,
    known = deadLetterSources,
  ) => {
    const action = async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options & Its>();
      if (options.offset !== undefined && options.partition === undefined)
        throw new UsageError('--offset requires --partition');
      if (isOfKafka(options) && options.org !== undefined)
        throw new UsageError("--org cannot be combined with --kafka\nhint: use --record-key '<org>/*'");
      end(await run(options, topicsIn(options.topic, known), command));
    };
    group.addCommand(selecting(command, known).addHelpText('after', help).action(action));
  };
  /** Runs `work` with the Kafka that the options name. */
  const inKafka = async (options: Options, work: (kafka: ReturnType<typeof open>) => Promise<number>) => {
    const kafka = open(options.brokers);
    return work(kafka).finally(() => kafka.bus.close());
  };

  const ls_ = new Command('ls').description('Count dead letters by topic and reason.').addOption(outputOption());
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
    .description('Print complete dead letters from Kafka, with headers and value.')
    .option('--limit <n>', 'maximum number of dead letters', (text) => countIn('--limit', text, 1), 20)
    .addOption(outputOf('yaml', 'json', 'jsonl', 'name'));
  add<ShowOptions>(
    show_,
    async (options, topics) => {
      if (!isOfKafka(options)) throw new UsageError('show requires --kafka');
      return inKafka(options, ({ bus }) => show(options, topics, bus));
    },
    ofShow,
  );

  const sending = async (options: Options, topics: readonly string[], command: Command) => {
    const ask = personToAsk();
    if (isOfKafka(options)) {
      if (!options.dryRun && !options.actor)
        throw new UsageError('--actor is missing: the audit log requires a name for a replay');
      return inKafka(options, async (kafka) =>
        replay(options, throughKafka(kafka, topics, options), ask, { topic: topics[0] }),
      );
    }
    const foreign = kafkaOnly.find((name) => command.getOptionValueSource(name) === 'cli');
    if (foreign) throw new UsageError(`${flagOf(command, foreign)} requires --kafka`);
    const run = runOf([], { ...options });
    return replay(options, throughHistory(run, oneOf(topics), options), ask, { sourceOrg: run.org });
  };
  const preview_ = new Command('preview').description(
    'Show which dead letters a replay would send or skip, and why. Nothing is sent.',
  );
  const preview = (options: Options, topics: readonly string[], command: Command) =>
    sending({ ...options, dryRun: true }, topics, command);
  add(planning(preview_), preview, ofPreview, replayableTopics);
  const replay_ = new Command('replay')
    .description('Send dead letters again, after a preview and a confirmation.')
    .option('--dry-run', 'only print the preview')
    .option('--yes', 'skip the confirmation; required without a terminal')
    .addOption(
      new Option('--actor <name>', 'with --kafka: your name for the audit log')
        .env('PAGEBRIDGE_ACTOR')
        .argParser(actorIn),
    )
    .option('--rate <n>', 'with --kafka: maximum records per second', (text) => countIn('--rate', text, 1), 100);
  add(planning(replay_), sending, ofReplay, replayableTopics);
  return group;
}

const kafkaOnly = ['actor', 'rate', 'forceNewPage', 'maxBatchMib'];
const flagOf = ({ options }: Command, name: string) => options.find((its) => its.attributeName() === name)?.long;
const isOfKafka = ({ kafka, brokers }: Options): boolean => kafka === true || brokers !== undefined;
const oneOf = (topics: readonly string[]) => (topics.length === 1 ? topics[0] : undefined);

const outputOf = (preset: Form, ...others: readonly Form[]): Option =>
  new Option('-o, --output <form>', 'output format').choices([preset, ...others]).default(preset);

/** Adds the options of a preview. */
const planning = (command: Command): Command =>
  command
    .option(
      '--force-new-page',
      'with --kafka, for page commands: create a new page even if the team has an open page for the alert',
    )
    .option('--max-batch-mib <n>', 'with --kafka: open parked batches with at most this many MiB of records', (text) =>
      countIn('--max-batch-mib', text, 1, 2048),
    )
    .addOption(outputOf('table', 'json'));

/** Adds the options that choose dead letters. */
const selecting = (command: Command, known: readonly string[]): Command =>
  addOrg(command)
    .option('--topic <topic>', `topic: ${known.map(shortOf).join(', ')}, or the alert topic of an org`)
    .option('--reason <word>', 'reason, as printed by ls; repeatable', (word, former: string[] = []) => [
      ...former,
      word,
    ])
    .option('--since <time>', 'parked at or after this time: RFC 3339 or an age (90s, 30m, 4h, 7d)', (text) =>
      momentIn('--since', text, new Date()),
    )
    .option('--until <time>', 'parked before this time', (text) => momentIn('--until', text, new Date()))
    .option('--record-key <key>', 'record key <sourceOrg>/<alertKey>, or a prefix and *')
    .option('--partition <n>', 'partition of the dead-letter topic', (text) => countIn('--partition', text, 0))
    .option('--offset <n>', 'offset in the partition; requires --partition', (text) => countIn('--offset', text, 0))
    .option('--kafka', 'read the Kafka topics instead of page-history')
    .addOption(brokersOption());

const shortOf = (topic: string): string => topic.split('.')[1] ?? topic;

function topicsIn(topic: string | undefined, known: readonly string[]): readonly string[] {
  if (topic === undefined) return known;
  const name = topic.replace(/\.dead$/, '');
  const found = ownerOf(name) === undefined ? known.find((each) => [each, shortOf(each)].includes(name)) : name;
  if (!found)
    throw new UsageError(
      `--topic ${topic}: unknown topic\nhint: use ${known.join(', ')}, or the alert topic of an org`,
    );
  return [found];
}

function actorIn(name: string): string {
  if (!/^[\x20-\x7e]{1,128}$/.test(name)) throw new UsageError('--actor must be 1 to 128 printable ASCII characters');
  return name;
}
