import { ownerOf, PageCommands } from '@pagebridge/contracts';
import { countIn, momentIn, optionsOf, UsageError } from '@pagebridge/programs';
import { deadLetterSources, replayableTopics } from '../domain/letter.ts';
import type { Selection } from '../domain/selection.ts';

const commands = ['list', 'show', 'replay'] as const;

/** A valid command line. */
export interface Arguments {
  readonly command: (typeof commands)[number];
  readonly topics: readonly string[];
  readonly selection: Selection;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly rate: number;
  readonly pageAnew: boolean;
  /** Bytes; undefined leaves parked batches closed. */
  readonly maxBatchBytes: number | undefined;
  readonly limit: number;
  readonly brokers: string | undefined;
  /** The name of the person who replays; empty if nothing is sent. */
  readonly actor: string;
}

const options = {
  topic: { type: 'string' },
  reason: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  'record-key': { type: 'string' },
  partition: { type: 'string' },
  offset: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'page-anew': { type: 'boolean', default: false },
  'max-batch-mib': { type: 'string' },
  rate: { type: 'string', default: '100' },
  limit: { type: 'string', default: '20' },
  brokers: { type: 'string' },
  actor: { type: 'string' },
} as const;

/** Parses a command line; `actor` is the default of `--actor`. Returns undefined for `--help`. Throws UsageError. */
export function argumentsOf(line: readonly string[], now: Date, actor?: string): Arguments | undefined {
  const values = optionsOf(line, options, true);
  if (!values || values.positionals[0] === 'help') return undefined;
  const [named, ...more] = values.positionals;
  const command = commands.find((known) => known === named);
  if (!command || more.length > 0) {
    throw new UsageError(`give one command: ${commands.join(', ')}; see --help`);
  }
  if (values.offset !== undefined && values.partition === undefined) {
    throw new UsageError('--offset needs --partition: each partition has its own offsets');
  }
  const topics = topicsOf(command, values.topic);
  if (values['page-anew'] && !topics.includes(PageCommands.card.topic)) {
    throw new UsageError('--page-anew is for page commands: page-routing gives an alert the same page ids as before');
  }
  const mostMib = values['max-batch-mib'];
  return {
    command,
    topics,
    selection: {
      ...(values.reason ? { reasons: values.reason } : {}),
      ...(values.since === undefined ? {} : { since: momentIn('--since', values.since, now) }),
      ...(values.until === undefined ? {} : { until: momentIn('--until', values.until, now) }),
      ...(values['record-key'] === undefined ? {} : { key: values['record-key'] }),
      ...(values.partition === undefined ? {} : { partition: countIn('--partition', values.partition, 0) }),
      ...(values.offset === undefined ? {} : { offset: countIn('--offset', values.offset, 0) }),
    },
    dryRun: values['dry-run'],
    yes: values.yes,
    json: values.json,
    rate: countIn('--rate', values.rate, 1),
    pageAnew: values['page-anew'],
    maxBatchBytes: mostMib === undefined ? undefined : countIn('--max-batch-mib', mostMib, 1, 2048) * 1024 * 1024,
    limit: countIn('--limit', values.limit, 1),
    brokers: values.brokers,
    actor: command === 'replay' && !values['dry-run'] ? actorOf(values.actor ?? actor) : '',
  };
}

function actorOf(name: string | undefined): string {
  if (!name) throw new UsageError('replay needs --actor <name> for the audit; --dry-run does not');
  if (!/^[\x20-\x7e]{1,128}$/.test(name)) throw new UsageError('--actor must have 1 to 128 printable ASCII characters');
  return name;
}

function topicsOf(command: Arguments['command'], topic: string | undefined): readonly string[] {
  const known = command === 'replay' ? replayableTopics : deadLetterSources;
  if (topic === undefined) {
    if (command === 'replay') throw new UsageError(`replay needs --topic: ${known.join(' or ')}`);
    return known;
  }
  const name = topic.replace(/\.dead$/, '');
  const found = ownerOf(name) === undefined ? known.find((each) => [each, each.split('.')[1]].includes(name)) : name;
  if (!found) throw new UsageError(`--topic ${topic}: ${command} accepts ${known.join(', ')}, or an own alert topic`);
  return [found];
}
