import { momentIn } from '@pagebridge/programs';
import type { Run } from '../http/act.ts';
import type { Item } from '../output/items.ts';
import { resourceCommand } from './commands.ts';
import { connections } from './connections.command.ts';
import { idOf, type Resource } from './resource.ts';

const handles: Resource = {
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
    fields: withConnection,
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
    options: [['--since <time>', 'RFC 3339, or how long ago: 90s 30m 4h 7d; default 24h', 'since', sinceIn]],
    examples: 'pagebridge handles changes --since 4h',
  },
  conflicts: {
    kind: 'list',
    of: conflicts,
    does: 'Lists the handles that several teams claim.',
    examples: 'pagebridge handles conflicts -o yaml',
  },
});

async function withConnection(run: Run, { connection, ...others }: Item): Promise<Item> {
  if (connection === undefined) return others;
  return { ...others, connection: await idOf(run, connections, String(connection)) };
}

function sinceIn(text: string): string {
  return new Date(momentIn('--since', text, new Date())).toISOString();
}
