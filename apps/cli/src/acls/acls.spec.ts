import { expect, it } from '@jest/globals';
import { cards } from '@pagebridge/contracts';
import { aclsOf } from '@pagebridge/topics';
import { run } from '../run.fixtures.ts';

it('prints every ACL, as JSON or as a command, for principals in the given form', async () => {
  const { stdout } = await run(['acls', '-o', 'json', '--principal', 'User:CN={name}']);
  const json = JSON.parse(stdout);
  expect(json).toEqual(aclsOf(cards).map(({ who, ...acl }) => ({ principal: `User:CN=${who}`, ...acl })));
  const commands = (await run(['acls'])).stdout.trim().split('\n');
  expect(commands).toHaveLength(json.length);
  expect(commands[0]).toMatch(/^kafka-acls\.sh .* --allow-principal 'User:alert-producers' --operation Write --topic /);
});

it('prints those for the topics that orgs own too', async () => {
  const { stdout } = await run(['acls', '--org', 'acme-us', '--org', 'acme-eu']);
  for (const org of ['acme-us', 'acme-eu']) expect(stdout).toContain(`--topic paging.org-alerts.v1.${org}`);
});

it.each([
  ['--org=ACME', 'hint: use 1 to 63 of a-z 0-9 -'],
  ['--output=yaml', "argument 'yaml' is invalid. Allowed choices are commands, json."],
  ['--principal=everybody', '--principal must have the form User:CN={name}'],
])('refuses %s with a reason', async (argument, complaint) => {
  expect(await run(['acls', argument])).toEqual({
    ...{ status: 2, stdout: '' },
    stderr: expect.stringContaining(complaint),
  });
});
