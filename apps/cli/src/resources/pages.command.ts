import { resourceCommand } from './commands.ts';
import { withConnectionId } from './connections.command.ts';
import { type Given, momentFor } from './given.ts';
import type { Resource } from './resource.ts';

const states = 'waiting unrouted late delivered joined undeliverable resolved unresolved superseded'.split(' ');

/** What lists of the history can be asked for. */
export const historyOptions: readonly Given[] = [
  ['--state <state>', 'what became of it', 'state', states],
  [
    '--untaken-since <time>',
    'open pages that nobody has taken since, as 15m',
    'untakenSince',
    momentFor('--untaken-since'),
  ],
  ['--handle <handle>', 'only what mentions it, with @oncall-', 'handle'],
  ['--connection <connection>', 'only over this connection', 'connection'],
  ['--query <text>', 'a text in the key, the title or the message; without --from of the last 24 hours', 'q'],
  ['--from <time>', 'RFC 3339, or how long ago: 90s 30m 4h 7d', 'from', momentFor('--from')],
  ['--to <time>', 'the same', 'to', momentFor('--to')],
];

const pages: Resource = {
  ...{ noun: 'page', service: 'page-history', path: '/v1/source-orgs/{org}/pages', names: ['pageId'] },
  columns: 'at state handle connectionName alertKey title attempts takenAt closedThereAt',
  wide: 'pageId destinationPageId urgency reason possibleDuplicate nextAttemptAt givenUpAt',
};

export const pagesCommand = resourceCommand('pages', 'Pages of a source org.', pages, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'Lists pages, the latest first; with --state unrouted the handles that became none. What became of one: pagebridge trace --page.',
    options: historyOptions,
    fields: withConnectionId,
    examples: `pagebridge pages ls --org acme-us --state waiting
      pagebridge pages ls --untaken-since 15m
      pagebridge pages ls --connection globex-eu --from 24h -o json`,
  },
});
