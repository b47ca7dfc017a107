import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cards } from '@pagebridge/contracts';
import { aclsOf } from '../acls-of.ts';

/** Runs the built program. */
function run(name: string, args: readonly string[]) {
  const line = [join(import.meta.dirname, '../../dist/programs', `${name}.js`), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8', env: {} });
  return { status, stdout, stderr };
}

describe('the programs topics and acls', () => {
  it.each(['topics', 'acls'])('print the options of %s with --help', (name) => {
    const { status, stdout, stderr } = run(name, ['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^${name} \\[options\\] \\(in a checkout: npm run (-s )?${name} -- \\[options\\]\\): `),
    );
  });

  it.each([
    ['topics', '--frenzy', "'--frenzy'"],
    ['topics', '--replication-factor=1.5', '--replication-factor must be a whole number above 0, not "1.5"'],
    ['topics', '--replication-factor=0', '--replication-factor must be a whole number above 0, not "0"'],
    ['topics', '--brokers=localhost', '--brokers must be host:port,…, not localhost'],
    ['acls', '--org=ACME', '--org must be 1 to 63 of a-z 0-9 -'],
    ['acls', '--format=yaml', '--format must be kafka-acls or json, not yaml'],
    ['acls', '--principal=everybody', '--principal must have the form User:CN={name}'],
  ])('exit with 2 and a reason: %s %s', (name, argument, text) => {
    const { status, stderr } = run(name, [argument]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(text) });
  });

  it('print every ACL, as JSON or as a command, for principals in the given form', () => {
    const json = JSON.parse(run('acls', ['--format=json', '--principal=User:CN={name}']).stdout);
    expect(json).toEqual(aclsOf(cards).map(({ who, ...acl }) => ({ principal: `User:CN=${who}`, ...acl })));
    const commands = run('acls', []).stdout.trim().split('\n');
    expect(commands).toHaveLength(json.length);
    expect(commands[0]).toMatch(
      /^kafka-acls\.sh .* --allow-principal 'User:alert-producers' --operation Write --topic /,
    );
  });
});
