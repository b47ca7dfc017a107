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

export const handlesCommand = resourceCommand('handles', 'What alerts may mention.', handles, {
  ls: {
    kind: 'list',
    does: 'Lists the handles of a source org. What one of them pages, and why: pagebridge why.',
    options: [
      ['--query <text>', 'those that begin with it, then those that contain it', 'query'],
      ['--connection <connection>', 'only those of this connection', 'connection'],
    ],
    fields: withConnectionId,
    examples: `pagebridge handles ls --org acme-us --query core
      pagebridge handles ls --connection globex-eu -o name`,
  },
  show: {
    kind: 'list',
    does: 'Shows a handle over each connection that has it. What it pages: pagebridge why.',
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
    does: 'Lists the handles that were added, removed or changed, the latest first.',
    options: [
      ['--since <time>', 'RFC 3339, or how long ago: 90s 30m 4h 7d; default 24h', 'since', momentFor('--since')],
    ],
    examples: 'pagebridge handles changes --since 4h',
  },
  conflicts: {
    kind: 'list',
    of: conflicts,
    does: 'Lists the handles that several teams claim.',
    examples: 'pagebridge handles conflicts -o yaml',
  },
});
