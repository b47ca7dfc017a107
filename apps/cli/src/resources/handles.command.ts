import { resourceCommand } from './commands.ts';
import { withConnectionId } from './connections.command.ts';
import { momentFor } from './given.ts';
import type { Resource } from './resource.ts';

export const handles: Resource = {
  noun: 'handle',
  service: 'handle-sync',
  path: '/v1/source-orgs/{org}/handles',
  names: ['handle', 'qualifiedHandle', 'teamHandle'],
  columns: 'handle teamName connectionName dataCenter ambiguous',
  wide: 'qualifiedHandle lastCompleteSyncAt',
};

const changes: Resource = {
  ...{ noun: 'change', service: 'handle-sync', path: '/v1/source-orgs/{org}/handles/changes', names: ['handle'] },
  columns: 'at kind handle from teamName',
};

const conflicts: Resource = {
  ...{ noun: 'conflict', service: 'page-routing', path: '/v1/source-orgs/{org}/conflicts', names: ['handle'] },
  columns: 'handle local contenders.0.qualifiedHandle contenders.1.qualifiedHandle',
};

export const handlesCommand = resourceCommand('handles', 'List the handles that alerts can mention.', handles, {
  ls: {
    kind: 'list',
    does: 'List the handles of a source org. To see what a handle pages, use pagebridge why.',
    options: [
      ['--query <text>', 'text in the handle; matches at the start are listed first', 'query'],
      ['--connection <connection>', 'only handles of this connection', 'connection'],
    ],
    fields: withConnectionId,
    examples: `pagebridge handles ls --org acme-us --query core
      pagebridge handles ls --connection globex-eu -o name`,
  },
  show: {
    kind: 'list',
    does: 'Show a handle for each connection that has it. To see what it pages, use pagebridge why.',
    of: { ...handles, columns: `${handles.columns} ${handles.wide}` },
    exactly: (name) => name.toLowerCase(),
    // The list finds a qualified handle by the plain one.
    fields: ({ args }) => ({
      query: args[0]
        ?.toLowerCase()
        .replace(/^@?oncall-/, '')
        .replace(/^[^/]+\//, ''),
    }),
    examples: `pagebridge handles show @oncall-core-infra
      pagebridge handles show core-infra -o json`,
  },
  changes: {
    kind: 'list',
    of: changes,
    does: 'List added, removed and changed handles, newest first.',
    options: [
      [
        '--since <time>',
        'start of the period: RFC 3339 or an age (90s, 30m, 4h, 7d); default 24h',
        'since',
        momentFor('--since'),
      ],
    ],
    examples: 'pagebridge handles changes --since 4h',
  },
  conflicts: {
    kind: 'list',
    of: conflicts,
    does: 'List the handles that several teams claim.',
    examples: 'pagebridge handles conflicts -o yaml',
  },
});
