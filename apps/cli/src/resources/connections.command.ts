import { shares } from '@pagebridge/contracts';
import { say, UsageError } from '@pagebridge/programs';
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
  keyOf('--api-key-file', 'the API key of the destination org', 'apiKey'),
  keyOf('--application-key-file', 'the key of its service account', 'applicationKey'),
];

export const connectionsCommand = resourceCommand('connections', 'Leads to the teams of other orgs.', connections, {
  ls: {
    kind: 'list',
    does: 'Lists the connections of a source org, oldest first.',
    examples: `pagebridge connections ls --org acme-us
      pagebridge connections ls -o json | jq -r '.[] | select(.status == "failing") | .slug'`,
  },
  show: {
    kind: 'show',
    does: 'Shows a connection: its status, last sync and last checks.',
    examples: 'pagebridge connections show globex-eu',
  },
  create: {
    kind: 'create',
    does: 'Adds a connection, if its keys pass every check. Keys come from files or standard input only.',
    options: [
      ['--name <name>', 'its name', 'name'],
      ['--data-center <name>', 'the data center of the destination org, as in EU1', 'dataCenter'],
      ['--allow-duplicate', 'even if another leads to the same destination', 'allowDuplicate'],
      ...keys,
    ],
    examples: `pagebridge connections create -f .local/start/keys/globex-eu.json
      pagebridge connections create --name 'Globex EU' --data-center EU1 --api-key-file api --application-key-file app
      vault kv get -format=json secret/globex | jq .data.data | pagebridge connections create --name Globex --data-center EU1 -f -`,
  },
  change: {
    kind: 'change',
    does: 'Renames, enables or disables a connection, or changes its slug, its backup or what it shares.',
    options: [
      ['--name <name>', 'its name', 'name'],
      ['--slug <slug>', 'what qualifies its handles: @oncall-<slug>/<team>', 'slug'],
      ['--enable', 'its handles page again', 'enabled'],
      ['--disable', 'its handles page nobody', 'enabled', () => false],
      ['--backup <connection/team>', 'whom to page if a page is not accepted in time', 'failover', backupIn],
      ['--without-backup', 'no backup', 'failover', () => null],
      ['--share <what>', 'what a snapshot shows to whoever has its link', 'share', shares],
    ],
    ...{ method: 'PATCH', ifMatch: true, fields: withBackup },
    examples: `pagebridge connections change globex-eu --disable
      pagebridge connections change globex-eu --backup initech-ap/network
      pagebridge connections change globex-eu --share title`,
  },
  check: {
    kind: 'change',
    does: 'Checks its keys again; if they are given too, each check is done. Exit code 1 if one fails.',
    options: keys,
    ...{ below: '/check', print: printChecks },
    examples: 'pagebridge connections check globex-eu',
  },
  rotate: {
    kind: 'change',
    does: 'Replaces its keys, if the new ones pass every check. Revoke the old ones once `show` has no credentials.former.',
    options: keys,
    ...{ method: 'PUT', below: '/credentials', ifMatch: true },
    fields: (_run, { apiKey, applicationKey }) => ({ apiKey, applicationKey }),
    examples: 'pagebridge connections rotate globex-eu -f keys.json',
  },
  sync: {
    kind: 'change',
    does: 'Requests a sync of its teams now.',
    options: [['--wait', 'until it is done; exit code 1 if it fails, 5 if nothing answers', 'wait'], timeoutOption],
    ...{ below: '/sync', print: printRequested, fields: () => ({}) },
    examples: `pagebridge connections sync globex-eu
      pagebridge connections sync globex-eu --wait -o json | jq .lastSync`,
  },
  'revoke-snapshots': {
    kind: 'change',
    does: 'Revokes the links to snapshots that its pages had so far.',
    consequence: 'links that its pages had so far open nothing any more, and cannot be brought back.',
    ...{ below: '/revoke-snapshots', print: printRevoked },
    examples: 'pagebridge connections revoke-snapshots globex-eu --yes',
  },
  rm: {
    kind: 'remove',
    does: 'Removes a connection and its keys, once its open pages have been resolved.',
    options: [['--leave-pages-open', 'do not wait: open pages stay open in the destination', 'force']],
    consequence: 'its handles page nobody any more, its open pages are resolved, and its keys are deleted.',
    ifMatch: true,
    examples: 'pagebridge connections rm globex-eu --yes',
  },
});

/** The most by which the clocks of services may differ. */
const clocksDifferMs = 10_000;

async function printRequested({ connectionId, requestId, requestedAt }: Item, run: Run): Promise<number> {
  const show = `pagebridge connections show ${run.args[0]}`;
  if (!run.options.wait) {
    say(`Requested. See when it is done: ${show}`);
    return exitCodes.done;
  }
  const path = `${listPath(run, connections)}/${connectionId}`;
  const connection = await watched(run, async () => {
    const { body } = await run.services.call('GET', connections.service, path);
    return (body.answeredSyncs as readonly unknown[] | undefined)?.includes(requestId) ? body : undefined;
  });
  if (!connection) throw new CommandError(exitCodes.unavailable, `handle-sync does not answer; later: ${show}`);
  // One fault of several is shown: only a sync since then shows that this one succeeded.
  const syncedAt = Date.parse(textAt(connection, 'lastSync.at')) || 0;
  if (syncedAt + clocksDifferMs < Date.parse(String(requestedAt))) {
    const { lastSyncFailure, fault } = connection as { readonly [name: string]: Item | undefined };
    const why = textAt(fault ?? {}, 'reportedBy') === 'handle-sync' ? fault : (lastSyncFailure ?? fault);
    throw new CommandError(exitCodes.failed, `${run.args[0]} is not synced: ${why?.detail ?? `see ${show}`}`);
  }
  printList([connection], { ...connections, columns: synced }, run.form);
  return exitCodes.done;
}

function printRevoked({ slug, share, shareRevokedBefore }: Item): number {
  say(`Links of pages of ${slug} from before ${shareRevokedBefore} open nothing any more. It shares: ${share}.`);
  return exitCodes.done;
}

function printChecks(answer: Item, { form }: Run): number {
  printList(answer.checks as readonly Item[], { columns: 'name result detail cure', names: ['name'] }, form);
  return answer.result === 'failed' ? exitCodes.failed : exitCodes.done;
}

function backupIn(text: string): Item {
  const [, connection, teamHandle] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  if (connection !== undefined) return { connection, teamHandle };
  throw new UsageError(`--backup ${text}: give a connection and a team of it, as in initech-ap/network`);
}

/** Replaces the name of a backup by its id. */
async function withBackup(run: Run, fields: Item): Promise<Item> {
  const connection = textAt(fields, 'failover.connection');
  if (connection === '') return fields;
  const connectionId = await idOf(run, connections, connection);
  return { ...fields, failover: { connectionId, teamHandle: textAt(fields, 'failover.teamHandle') } };
}
