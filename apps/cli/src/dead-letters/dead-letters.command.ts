import { ownerOf } from '@pagebridge/contracts';
import { deadLetterSources, replayableTopics } from '@pagebridge/dead-letters';
import { countIn, momentIn, UsageError } from '@pagebridge/programs';
import { Command, Option } from 'commander';
import { brokersOption } from '../kafka/kafka.ts';
import { type Form, outputOption } from '../output/output.ts';
import { ls } from './ls.ts';
import { replay } from './replay.ts';
import { show } from './show.ts';
import { type At, type Chosen, realWorld, type World } from './world.ts';

const ofLs = `
Examples:
  pagebridge dead-letters ls
  pagebridge dead-letters ls --topic paging.org-alerts.v1.acme-us -o json
`;
const ofShow = `
Examples:
  pagebridge dead-letters show --topic page-commands --reason rejected --since 4h
  pagebridge dead-letters show --topic alerts --partition 5 --offset 4 -o json

Exit code 3: there is no such dead letter.
`;
const ofReplay = `
Examples:
  pagebridge dead-letters replay --topic page-commands --reason rejected --since 4h --dry-run
  pagebridge dead-letters replay --topic alerts --record-key 'acme-us/*' --actor ada --yes -o json | jq .counts
  pagebridge dead-letters replay --topic alerts --reason undecodable-batch --max-batch-mib 256 --dry-run

The preview says what page-delivery would decide by its present ledger: a new attempt to page the team, joined to an open
page (nobody is paged again), the resolve of its alert's pages; an alert is routed anew.

Skipped: already replayed (replayed); cannot be decoded under the present contract (unreadable); a parked batch without
--max-batch-mib (batch); the originals are only in their own topic (stub, show names the place); parked longer ago than its
topic keeps records (too-old); its alert has recovered (recovered); older than another one of the same alert and team
(collapsed); its page was not given up (not-given-up).

Exit code 1: failed, or Kafka refuses a replay permanently; 5: Kafka does not answer, or only a part was sent: run the
command again, it sends the rest.
`;

/** Returns the commands for dead letters; `end` gets their exit code. */
export function deadLettersCommand(end: (code: number) => void, world = realWorld()): Command {
  const group = new Command('dead-letters').description('Lists dead letters and sends them again; never deletes any.');
  const add = <Options extends Chosen>(
    command: Command,
    run: (options: Options, at: At) => Promise<number>,
    help: string,
    known = deadLetterSources,
  ) => {
    const action = async (given: Options & { readonly topic?: string; readonly brokers?: string }) => {
      const options = { ...given, topics: topicsIn(given.topic, known) };
      if (options.offset !== undefined && options.partition === undefined)
        throw new UsageError('--offset needs --partition: each partition has its own offsets');
      const kafka = world.open(given.brokers);
      await run(options, { ...world, ...kafka })
        .then(end)
        .finally(() => kafka.bus.close());
    };
    group.addCommand(selecting(command, known, world).addHelpText('after', help).action(action));
  };
  const ls_ = new Command('ls').description('Counts dead letters by topic and reason.');
  add(ls_.addOption(outputOption()), ls, ofLs);
  const show_ = new Command('show')
    .description('Prints dead letters in full, with headers and value.')
    .option('--limit <n>', 'at most so many', (text) => countIn('--limit', text, 1), 20)
    .addOption(outputOf('yaml', 'json', 'jsonl', 'name'));
  add(show_, show, ofShow);
  const replay_ = new Command('replay')
    .description('Sends dead letters again, after a preview of which are sent and why the others are not.')
    .option('--dry-run', 'only the preview')
    .addOption(new Option('--actor <name>', 'who sends them, for the audit').env('PAGEBRIDGE_ACTOR').argParser(actorIn))
    .option('--yes', 'do not ask for confirmation; needed without a terminal')
    .option('--force-new-page', 'of page commands: create a new page, even where an open one would be joined')
    .option('--max-batch-mib <n>', 'open parked batches, with at most so many MiB of records each', (text) =>
      countIn('--max-batch-mib', text, 1, 2048),
    )
    .option('--rate <n>', 'at most so many a second', (text) => countIn('--rate', text, 1), 100)
    .addOption(outputOf('table', 'json'));
  add(replay_, replay, ofReplay, replayableTopics);
  return group;
}

const outputOf = (preset: Form, ...others: readonly Form[]): Option =>
  new Option('-o, --output <form>', 'form of the output').choices([preset, ...others]).default(preset);

/** Adds the options that choose dead letters. */
const selecting = (command: Command, known: readonly string[], { clock }: World): Command =>
  command
    .option('--topic <topic>', `${known.map(shortOf).join(', ')}, or the topic that an org owns`)
    .option('--reason <word>', 'as ls shows it; may be repeated', (word, former: string[] = []) => [...former, word])
    .option('--since <time>', 'parked at or after: RFC 3339, or how long ago: 90s 30m 4h 7d', (text) =>
      momentIn('--since', text, clock.now()),
    )
    .option('--until <time>', 'parked before', (text) => momentIn('--until', text, clock.now()))
    .option('--record-key <key>', '<sourceOrg>/<alertKey>, or its beginning and *')
    .option('--partition <n>', 'of the dead-letter topic', (text) => countIn('--partition', text, 0))
    .option('--offset <n>', 'with --partition: one dead letter', (text) => countIn('--offset', text, 0))
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
