import { UsageError } from '@pagebridge/programs';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { End, Run } from '../http/act.ts';
import type { Item } from '../http/services.ts';
import { changing, creating, group, listing, removing, say, showing } from './commands.ts';
import { type Given, textIn } from './given.ts';
import { pathOf, printList, type Resource, textAt } from './resource.ts';

export const connections: Resource = {
  noun: 'connection',
  service: 'connection-management',
  path: 'connections',
  names: ['slug', 'name', 'id'],
  columns: [
    ['SLUG', 'slug'],
    ['NAME', 'name'],
    ['DATA CENTER', 'dataCenter'],
    ['STATUS', 'status'],
    ['TEAMS', 'lastSync.teams'],
    ['LAST COMPLETE SYNC', 'lastCompleteSyncAt'],
    ['FAULT', 'fault.detail'],
    ['DESTINATION', 'destinationOrg.name', 'wide'],
    ['KEYS', 'credentials.apiKeyLast4', 'wide'],
    ['ID', 'id', 'wide'],
  ],
};

const trimmed = (option: string) => (file: string) => textIn(option, file).trim();
const keys: readonly Given[] = [
  {
    flags: '--api-key-file <file>',
    does: 'the API key of the destination org',
    field: 'apiKey',
    of: trimmed('--api-key-file'),
  },
  {
    flags: '--application-key-file <file>',
    does: 'the application key of its service account',
    field: 'applicationKey',
    of: trimmed('--application-key-file'),
  },
];
const name: Given = { flags: '--name <name>', does: 'its name', field: 'name' };

/** Returns the commands `connections`; `end` gets the exit code. */
export const connectionsCommand = (end: End): Command =>
  group('connections', 'Connections to destination orgs, whose teams alerts can page.', [
    listing(connections, end, {
      name: 'ls',
      does: 'Lists the connections of a source org, oldest first.',
      examples: `pagebridge connections ls --org acme-us
        pagebridge connections ls -o json | jq -r '.[] | select(.status == "failing") | .slug'`,
    }),
    showing(connections, end, {
      name: 'show',
      does: 'Shows a connection: its status, last sync and last checks.',
      examples: 'pagebridge connections show globex-eu',
    }),
    creating(connections, end, {
      name: 'create',
      does: 'Adds a connection, if its keys pass every check. Keys come from files or standard input only.',
      options: [
        name,
        {
          flags: '--data-center <name>',
          does: 'the data center of the destination org, as in EU1',
          field: 'dataCenter',
        },
        { flags: '--allow-duplicate', does: 'even if another leads to the same destination', field: 'allowDuplicate' },
        ...keys,
      ],
      examples: `pagebridge connections create -f .local/start/keys/globex-eu.json
        pagebridge connections create --name 'Globex EU' --data-center EU1 --api-key-file api --application-key-file app
        vault kv get -format=json secret/globex | jq .data.data | pagebridge connections create --name Globex --data-center EU1 -f -`,
    }),
    changing(
      connections,
      end,
      {
        name: 'change',
        does: 'Renames, enables or disables a connection, or changes its slug or backup.',
        options: [
          name,
          { flags: '--slug <slug>', does: 'what qualifies its handles: @oncall-<slug>/<team>', field: 'slug' },
          { flags: '--enable', does: 'its handles page again', field: 'enabled' },
          { flags: '--disable', does: 'its handles page nobody', field: 'enabled', of: () => false },
          {
            flags: '--backup <connection/team>',
            does: 'whom to page if a page is not accepted in time',
            field: 'failover',
            of: backupIn,
          },
          { flags: '--without-backup', does: 'no backup', field: 'failover', of: () => null },
        ],
        examples: `pagebridge connections change globex-eu --disable
          pagebridge connections change globex-eu --backup initech-ap/network`,
      },
      { method: 'PATCH', ifMatch: true, body: withBackup },
    ),
    changing(
      connections,
      end,
      {
        name: 'check',
        does: 'Checks its keys again, or other ones without storing them. Exit code 1 if a check fails.',
        options: keys,
        examples: 'pagebridge connections check globex-eu',
      },
      { method: 'POST', below: '/check', print: printChecks },
    ),
    changing(
      connections,
      end,
      {
        name: 'rotate',
        does: 'Replaces its keys, if the new ones pass every check. Revoke the old ones once credentials.former is gone.',
        options: keys,
        examples: 'pagebridge connections rotate globex-eu -f keys.json',
      },
      {
        method: 'PUT',
        below: '/credentials',
        ifMatch: true,
        body: (_run, { apiKey, applicationKey }) => ({ apiKey, applicationKey }),
      },
    ),
    changing(
      connections,
      end,
      { name: 'sync', does: 'Requests a sync of its teams now.', examples: 'pagebridge connections sync globex-eu' },
      {
        method: 'POST',
        below: '/sync',
        print: (_answer, { args }) => {
          say(`Requested. See when it is done: pagebridge connections show ${args[0]}`);
          return exitCodes.done;
        },
      },
    ),
    removing(connections, end, {
      name: 'rm',
      does: 'Removes a connection and its keys, once its open pages have been resolved.',
      options: [{ flags: '--force', does: 'do not wait: open pages stay open in the destination', field: 'force' }],
      examples: 'pagebridge connections rm globex-eu --yes',
      consequence: 'its handles page nobody any more, its open pages are resolved, and its keys are deleted.',
      past: 'Being removed',
      ifMatch: true,
    }),
  ]);

function printChecks(answer: Item, { form }: Run): number {
  const columns = (['name', 'result', 'detail', 'cure'] as const).map((field) => [field.toUpperCase(), field] as const);
  printList(answer.checks as readonly Item[], { columns, names: ['name'] }, form);
  return answer.result === 'failed' ? exitCodes.failed : exitCodes.done;
}

function backupIn(text: string): Item {
  const [, connection, teamHandle] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  if (connection === undefined)
    throw new UsageError(`--backup ${text}: give a connection and a team of it, as in initech-ap/network`);
  return { connection, teamHandle };
}

/** Replaces the name of a backup by its id. */
async function withBackup(run: Run, fields: Item): Promise<Item> {
  const connection = textAt(fields, 'failover.connection');
  if (Object.keys(fields).length === 0) throw new UsageError('what is to change? Give an option, or --file');
  if (connection === '') return fields;
  const connectionId = (await pathOf(run, connections, connection)).split('/').at(-1);
  return { ...fields, failover: { connectionId, teamHandle: textAt(fields, 'failover.teamHandle') } };
}
