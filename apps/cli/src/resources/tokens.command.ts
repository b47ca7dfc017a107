import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { roles } from '@pagebridge/access';
import { countIn, orUsage, say, UsageError } from '@pagebridge/process';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { type Run, textIn } from '../http/act.ts';
import type { Item } from '../output/items.ts';
import { resourceCommand } from './commands.ts';
import type { Resource } from './resource.ts';

const tokens: Resource = {
  noun: 'token',
  service: 'connection-management',
  path: '/v1/source-orgs/{org}/tokens',
  names: ['name', 'id'],
  columns: 'name status role integration last4 lastUsedAt expiresAt',
  wide: 'lastRefusal.detail lastWithoutHandle.alerts permissions createdBy id',
};

export const tokensCommand = resourceCommand('tokens', 'Manage API tokens for programs.', tokens, {
  ls: {
    kind: 'list',
    does: 'List the API tokens of a source org, oldest first.',
    options: [['--integration <name>', 'only tokens of this integration', 'integration']],
    examples: `pagebridge tokens ls --org acme-us
      pagebridge tokens ls --integration prometheus-eu -o wide`,
  },
  show: {
    kind: 'show',
    does: 'Show the permissions of a token and when it was last used.',
    examples: 'pagebridge tokens show terraform',
  },
  create: {
    kind: 'create',
    does: 'Create a token with at most your own permissions, and write it to a file that only you can read.',
    options: [
      ['--name <name>', 'token name', 'name'],
      ['--role <role>', 'role of the token', 'role', Object.keys(roles).filter((role) => role !== 'operator')],
      ['--permission <permissions...>', 'permissions of the token, instead of a role', 'permissions'],
      ['--integration <name>', 'integration whose alerts it can send; it has no other permission', 'integration'],
      [
        '--days <count>',
        'days until it expires; default 90',
        'expiresInDays',
        (text) => countIn('--days', text, 1, 366),
      ],
      ['--into <file>', 'file for the token; - is standard output', 'into'],
    ],
    ...{ fields: wishOf, undo: removeFile, print: keepToken },
    examples: `pagebridge tokens create --name terraform --role editor --into terraform.token
      pagebridge tokens create --name prometheus --integration prometheus-eu --into - | vault kv put secret/prometheus token=-`,
  },
  revoke: {
    kind: 'remove',
    does: 'Revoke a token. Services reject it within seconds.',
    consequence: 'services reject it within seconds. It cannot be restored.',
    examples: 'pagebridge tokens revoke terraform --yes',
  },
});

/** Returns the body of a request, once there is a file for the token: one that could be kept nowhere is not made. */
function wishOf({ options }: Run, { into, ...fields }: Item): Item {
  const file = textIn(options, 'into');
  if (file === undefined) throw new UsageError('--into is missing');
  if (file === '-' && process.stdout.isTTY)
    throw new UsageError('--into -: standard output is a terminal\nhint: use a file or a pipe');
  if (file !== '-')
    orUsage(
      () => closeSync(openSync(file, 'wx', 0o600)),
      ({ message }) => `--into ${file}: ${message}`,
    );
  const permissions = 'integration' in fields ? { permissions: ['alerts:write'] } : {};
  return { ...permissions, expiresInDays: 90, ...fields };
}

function removeFile({ options: { into } }: Run): void {
  if (into !== '-') rmSync(String(into), { force: true });
}

function keepToken({ token, id, name, last4, expiresAt }: Item, { options: { into } }: Run): number {
  try {
    if (into === '-') process.stdout.write(`${token}\n`);
    else writeFileSync(String(into), `${token}\n`);
  } catch (error) {
    const lost = `hint: the token was created but not stored; revoke it with pagebridge tokens revoke ${id}`;
    throw new CommandError(exitCodes.failed, `--into ${into}: ${(error as Error).message}\n${lost}`);
  }
  say(`Created ${name}, which ends with ${last4} and expires at ${expiresAt}. It is not shown again.`);
  return exitCodes.done;
}
