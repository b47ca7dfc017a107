import { existsSync } from 'node:fs';
import { roles } from '@pagebridge/access';
import { countIn, UsageError } from '@pagebridge/programs';
import type { Command } from 'commander';
import { writePrivately } from '../contexts/private-file.ts';
import { exitCodes } from '../exit-codes.ts';
import { act, type End, type Run, textIn } from '../http/act.ts';
import { addOrg, commandOf, type Looks, resourceCommand, say } from './commands.ts';
import { fieldsIn } from './given.ts';
import { listPath, type Resource } from './resource.ts';

const tokens: Resource = {
  noun: 'token',
  service: 'connection-management',
  path: '/v1/source-orgs/{org}/tokens',
  names: ['name', 'id'],
  columns: 'name status role integration last4 lastUsedAt expiresAt',
  wide: 'lastRefusal.detail permissions createdBy id',
};

const group = resourceCommand('tokens', 'API tokens of machines.', tokens, {
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
  revoke: {
    kind: 'remove',
    does: 'Revokes a token: within seconds no service accepts it.',
    consequence: 'it is refused within seconds, and cannot be brought back.',
    examples: 'pagebridge tokens revoke terraform --yes',
  },
});

const creation = {
  does: 'Makes a token that may do no more than you, and writes it to a file that only you may read.',
  options: [
    ['--name <name>', 'what it is for', 'name'],
    ['--role <role>', 'what it may do', 'role', Object.keys(roles).filter((role) => role !== 'operator')],
    ['--permission <permissions...>', 'single permissions in place of a role', 'permissions'],
    ['--integration <name>', 'it sends the alerts of this integration, and nothing else', 'integration'],
    ['--days <count>', 'when it expires; 90 if not given', 'expiresInDays', (text) => countIn('--days', text, 1, 366)],
  ],
  examples: `pagebridge tokens create --name terraform --role editor --into terraform.token
    pagebridge tokens create --name 'Prometheus EU' --integration prometheus-eu --into - | vault kv put secret/prometheus token=-`,
} as const satisfies Looks;

/** Returns the commands `tokens`; `end` gets the exit code. */
export function tokensCommand(end: End): Command {
  const create = addOrg(commandOf('create', creation)).requiredOption(
    '--into <file>',
    'where the token goes; - is standard output',
  );
  return group(end).addCommand(act(create, end, createToken));
}

async function createToken(run: Run): Promise<number> {
  const { services, options } = run;
  const into = textIn(options, 'into') ?? '-';
  if (into === '-' && process.stdout.isTTY)
    throw new UsageError('--into -: a terminal would keep the token; give a file, or a pipe');
  if (into !== '-' && existsSync(into)) throw new UsageError(`--into ${into}: there is such a file`);
  const fields = { expiresInDays: 90, ...fieldsIn(options, creation.options) };
  const body = 'integration' in fields ? { permissions: ['alerts:write'], ...fields } : fields;
  const { token, ...made } = (await services.call('POST', tokens.service, listPath(run, tokens), { body })).body;
  if (into === '-') process.stdout.write(`${token}\n`);
  else writePrivately(into, `${token}\n`);
  say(`Made ${made.name}, which ends with ${made.last4} and expires at ${made.expiresAt}. It is never shown again.`);
  return exitCodes.done;
}
