import { momentIn } from '@pagebridge/programs';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { act, type End, type Run } from '../http/act.ts';
import { type Item, printList } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { addOrg, commandOf, resourceCommand } from './commands.ts';
import { connections } from './connections.command.ts';
import { idOf, listPath, type Resource } from './resource.ts';

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

const group = resourceCommand('handles', 'What alerts may mention.', handles, {
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

const looks = {
  does: 'Shows a handle over each connection that has it. What it pages: pagebridge why.',
  examples: `pagebridge handles show @oncall-core-infra
    pagebridge handles show core-infra -o json`,
};

/** Returns the commands `handles`; `end` gets the exit code. */
export function handlesCommand(end: End): Command {
  const show = addOrg(commandOf('show', looks))
    .argument('<handle>', 'with or without @oncall-')
    .addOption(outputOption());
  return group(end).addCommand(act(show, end, showHandle));
}

async function showHandle(run: Run): Promise<number> {
  const handle = (run.args[0] ?? '').toLowerCase();
  // The list knows a handle of a connection by the plain one.
  const query = handle.replace(/^@?oncall-/, '').replace(/^[^/]+\//, '');
  const { items } = await run.services.list(handles.service, listPath(run, handles), { query }, 100);
  const found = items.filter((item) => handles.names.some((field) => item[field] === handle));
  if (found.length === 0)
    throw new CommandError(exitCodes.notFound, `${run.org} has no handle ${handle}: pagebridge why`);
  printList(found, handles, run.form === 'table' ? 'wide' : run.form);
  return exitCodes.done;
}

async function withConnection(run: Run, { connection, ...others }: Item): Promise<Item> {
  if (connection === undefined) return others;
  return { ...others, connection: await idOf(run, connections, String(connection)) };
}

function sinceIn(text: string): string {
  return new Date(momentIn('--since', text, new Date())).toISOString();
}
