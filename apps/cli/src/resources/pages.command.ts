import { resourceCommand } from './commands.ts';
import { withConnectionId } from './connections.command.ts';
import { type Given, momentFor } from './given.ts';
import type { Resource } from './resource.ts';

const states = 'waiting unrouted late delivered joined undeliverable resolved unresolved superseded'.split(' ');

/** What lists of the history can be asked for. */
export const historyOptions: readonly Given[] = [
  ['--state <state>', 'result of the alert or page', 'state', states],
  [
    '--untaken-since <time>',
    'only open pages that nobody has acknowledged for this time, such as 15m',
    'untakenSince',
    momentFor('--untaken-since'),
  ],
  ['--handle <handle>', 'only results with this handle, including @oncall-', 'handle'],
  ['--connection <connection>', 'only results of this connection', 'connection'],
  ['--query <text>', 'text in the key, title or message; without --from, of the last 24 hours', 'q'],
  ['--from <time>', 'start of the period: RFC 3339 or an age (90s, 30m, 4h, 7d)', 'from', momentFor('--from')],
  ['--to <time>', 'end of the period, in the same formats', 'to', momentFor('--to')],
];

const pages: Resource = {
  ...{ noun: 'page', service: 'page-history', path: '/v1/source-orgs/{org}/pages', names: ['pageId'] },
  columns: 'at state handle connectionName alertKey title attempts takenAt closedThereAt',
  wide: 'pageId destinationPageId urgency reason possibleDuplicate nextAttemptAt givenUpAt',
};

export const pagesCommand = resourceCommand('pages', 'List the pages of a source org.', pages, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'List pages, newest first; with --state unrouted, handles that paged nobody. For the full history of a page, use pagebridge trace --page.',
    options: historyOptions,
    fields: withConnectionId,
    examples: `pagebridge pages ls --org acme-us --state waiting
      pagebridge pages ls --untaken-since 15m
      pagebridge pages ls --connection globex-eu --from 24h -o json`,
  },
});
