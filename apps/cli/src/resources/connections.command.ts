import { shares } from '@pagebridge/contracts';
import { say, UsageError } from '@pagebridge/process';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Run } from '../http/act.ts';
import { timeoutOption, watched } from '../http/watch.ts';
import { type Item, printList, textAt } from '../output/items.ts';
import { resourceCommand } from './commands.ts';
import { type Given, secretIn } from './given.ts';
import { idOf, listPath, type Resource } from './resource.ts';

export const connections: Resource = {
  noun: 'connection',
  service: 'connection-management',
  path: '/v1/source-orgs/{org}/connections',
  names: ['slug', 'name', 'id'],
  columns: 'slug name dataCenter status lastSync.teams lastCompleteSyncAt fault.detail',
  wide: 'destinationOrg.name share credentials.apiKeyLast4 id',
};

/** Returns the fields with the id of the connection, which may be named otherwise. */
export async function withConnectionId(run: Run, { connection, ...others }: Item): Promise<Item> {
  return connection === undefined
    ? others
    : { ...others, connection: await idOf(run, connections, String(connection)) };
}

const synced = 'slug lastSync.teams lastSync.added lastSync.removed lastSync.at';

const keyOf = (option: string, does: string, field: string): Given => [
  `${option} <file>`,
  does,
  field,
  (file: string) => secretIn(option, file).trim(),
];
const keys: readonly Given[] = [
  keyOf('--api-key-file', 'file with the API key of the destination org', 'apiKey'),
  keyOf('--application-key-file', 'file with the application key of its service account', 'applicationKey'),
];

export const connectionsCommand = resourceCommand(
  'connections',
  'Manage connections to destination orgs.',
  connections,
  {
    ls: {
      kind: 'list',
      does: 'List the connections of a source org, oldest first.',
      examples: `pagebridge connections ls --org acme-us
      pagebridge connections ls -o json | jq -r '.[] | select(.status == "failing") | .slug'`,
    },
    show: {
      kind: 'show',
      does: 'Show a connection with its status, last sync and last checks.',
      examples: 'pagebridge connections show globex-eu',
    },
    create: {
      kind: 'create',
      does: 'Create a connection if its keys pass every check. Keys are read from files or standard input only.',
      options: [
        ['--name <name>', 'connection name', 'name'],
        ['--data-center <name>', 'data center of the destination org, such as EU1', 'dataCenter'],
        ['--allow-duplicate', 'allow a second connection to the same destination', 'allowDuplicate'],
        ...keys,
      ],
      examples: `pagebridge connections create -f .local/start/keys/globex-eu.json
      pagebridge connections create --name 'Globex EU' --data-center EU1 --api-key-file api --application-key-file app
      vault kv get -format=json secret/globex | jq .data.data | pagebridge connections create --name Globex --data-center EU1 -f -`,
    },
    change: {
      kind: 'change',
      does: 'Change a connection: name, slug, backup, sharing, enabled or disabled.',
      options: [
        ['--name <name>', 'connection name', 'name'],
        ['--slug <slug>', 'short name in qualified handles: @oncall-<slug>/<team>', 'slug'],
        ['--enable', 'enable the connection: its handles page their teams', 'enabled'],
        ['--disable', 'disable the connection: its handles page nobody', 'enabled', () => false],
        [
          '--backup <connection/team>',
          'backup team that is paged if the destination does not accept a page in time',
          'failover',
          backupIn,
        ],
        ['--without-backup', 'remove the backup', 'failover', () => null],
        ['--share <what>', 'content of a snapshot that anyone with its link can see', 'share', shares],
      ],
      ...{ method: 'PATCH', ifMatch: true, fields: withBackup },
      examples: `pagebridge connections change globex-eu --disable
      pagebridge connections change globex-eu --backup initech-ap/network
      pagebridge connections change globex-eu --share title`,
    },
    check: {
      kind: 'change',
      does: 'Check the stored keys again. If you pass the keys, every check runs. Exit code 1 if a check fails.',
      options: keys,
      ...{ below: '/check', print: printChecks },
      examples: 'pagebridge connections check globex-eu',
    },
    rotate: {
      kind: 'change',
      does: 'Replace the keys if the new keys pass every check. Revoke the previous keys when `show` prints no credentials.former.',
      options: keys,
      ...{ method: 'PUT', below: '/credentials', ifMatch: true },
      fields: (_run, { apiKey, applicationKey }) => ({ apiKey, applicationKey }),
      examples: 'pagebridge connections rotate globex-eu -f keys.json',
    },
    sync: {
      kind: 'change',
      does: 'Request a sync of the teams.',
      options: [
        ['--wait', 'wait until the sync is done; exit code 1 if it fails, 5 on a timeout', 'wait'],
        timeoutOption,
      ],
      ...{ below: '/sync', print: printRequested, fields: () => ({}) },
      examples: `pagebridge connections sync globex-eu
      pagebridge connections sync globex-eu --wait -o json | jq .lastSync`,
    },
    'revoke-snapshots': {
      kind: 'change',
      does: 'Revoke all existing links to snapshots of a connection.',
      consequence: 'the existing snapshot links of its pages stop working. They cannot be restored.',
      ...{ below: '/revoke-snapshots', print: printRevoked },
      examples: 'pagebridge connections revoke-snapshots globex-eu --yes',
    },
    rm: {
      kind: 'remove',
      does: 'Delete a connection and its keys after its open pages are resolved.',
      options: [['--leave-pages-open', 'do not wait for open pages; they stay open in the destination', 'force']],
      consequence: 'its handles stop paging, its open pages are resolved, and its keys are deleted.',
      ifMatch: true,
      examples: 'pagebridge connections rm globex-eu --yes',
    },
  },
);

/** The most by which the clocks of services may differ. */
const clocksDifferMs = 10_000;

async function printRequested({ connectionId, requestId, requestedAt }: Item, run: Run): Promise<number> {
  const show = `pagebridge connections show ${run.args[0]}`;
  if (!run.options.wait) {
    say(`Sync requested. To see the result, run: ${show}`);
    return exitCodes.done;
  }
  const path = `${listPath(run, connections)}/${connectionId}`;
  const connection = await watched(run, async () => {
    const { body } = await run.services.call('GET', connections.service, path);
    return (body.answeredSyncs as readonly unknown[] | undefined)?.includes(requestId) ? body : undefined;
  });
  if (!connection)
    throw new CommandError(
      exitCodes.unavailable,
      `sync is not done in time: handle-sync did not report a result\nhint: check later with ${show}`,
    );
  // One fault of several is shown: only a sync since then shows that this one succeeded.
  const syncedAt = Date.parse(textAt(connection, 'lastSync.at')) || 0;
  if (syncedAt + clocksDifferMs < Date.parse(String(requestedAt))) {
    const { lastSyncFailure, fault } = connection as { readonly [name: string]: Item | undefined };
    const why = textAt(fault ?? {}, 'reportedBy') === 'handle-sync' ? fault : (lastSyncFailure ?? fault);
    throw new CommandError(exitCodes.failed, `sync of ${run.args[0]} failed: ${why?.detail ?? `see ${show}`}`);
  }
  printList([connection], { ...connections, columns: synced }, run.form);
  return exitCodes.done;
}

function printRevoked({ slug, share, shareRevokedBefore }: Item): number {
  say(`Snapshot links of pages of ${slug} from before ${shareRevokedBefore} are revoked. New links share: ${share}.`);
  return exitCodes.done;
}

function printChecks(answer: Item, { form }: Run): number {
  printList(answer.checks as readonly Item[], { columns: 'name result detail cure', names: ['name'] }, form);
  return answer.result === 'failed' ? exitCodes.failed : exitCodes.done;
}

function backupIn(text: string): Item {
  const [, connection, teamHandle] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  if (connection !== undefined) return { connection, teamHandle };
  throw new UsageError(`--backup ${text}: not a connection and a team\nhint: use the form initech-ap/network`);
}

/** Replaces the name of a backup by its id. */
async function withBackup(run: Run, fields: Item): Promise<Item> {
  const connection = textAt(fields, 'failover.connection');
  if (connection === '') return fields;
  const connectionId = await idOf(run, connections, connection);
  return { ...fields, failover: { connectionId, teamHandle: textAt(fields, 'failover.teamHandle') } };
}
