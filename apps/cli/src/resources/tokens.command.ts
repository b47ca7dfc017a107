import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { roles } from '@pagebridge/access';
import { countIn, orUsage, say, UsageError } from '@pagebridge/programs';
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

export const tokensCommand = resourceCommand('tokens', 'API tokens of machines.', tokens, {
  ls: {
    kind: 'list',
    does: 'Lists the API tokens of a source org, oldest first.',
    options: [['--integration <name>', 'only those of this integration', 'integration']],
    examples: `pagebridge tokens ls --org acme-us
      pagebridge tokens ls --integration prometheus-eu -o wide`,
  },
  show: {
    kind: 'show',
    does: 'Shows what a token may do, and when it was last used.',
    examples: 'pagebridge tokens show terraform',
  },
  create: {
    kind: 'create',
    does: 'Makes a token that may do no more than you, and writes it to a file that only you may read.',
    options: [
      ['--name <name>', 'what it is for', 'name'],
      ['--role <role>', 'what it may do', 'role', Object.keys(roles).filter((role) => role !== 'operator')],
      ['--permission <permissions...>', 'single permissions in place of a role', 'permissions'],
      ['--integration <name>', 'it sends the alerts of this integration, and nothing else', 'integration'],
      ['--days <count>', 'when it expires; default 90', 'expiresInDays', (text) => countIn('--days', text, 1, 366)],
      ['--into <file>', 'where the token goes; - is standard output', 'into'],
    ],
    ...{ fields: wishOf, undo: removeFile, print: keepToken },
    examples: `pagebridge tokens create --name terraform --role editor --into terraform.token
      pagebridge tokens create --name prometheus --integration prometheus-eu --into - | vault kv put secret/prometheus token=-`,
  },
  revoke: {
    kind: 'remove',
    does: 'Revokes a token: within seconds no service accepts it.',
    consequence: 'it is refused within seconds, and cannot be brought back.',
    examples: 'pagebridge tokens revoke terraform --yes',
  },
});

/** Returns the body of a request, once there is a file for the token: one that could be kept nowhere is not made. */
function wishOf({ options }: Run, { into, ...fields }: Item): Item {
  const file = textIn(options, 'into');
  if (file === undefined) throw new UsageError('where does the token go? Give --into');
  if (file === '-' && process.stdout.isTTY)
    throw new UsageError('--into -: a terminal would keep it; give a file, or a pipe');
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
    const lost = `The token ${id} is made, and lost: pagebridge tokens revoke ${id}`;
    throw new CommandError(exitCodes.failed, `--into ${into}: ${(error as Error).message}\n${lost}`);
  }
  say(`Made ${name}, which ends with ${last4} and expires at ${expiresAt}. It is never shown again.`);
  return exitCodes.done;
}
