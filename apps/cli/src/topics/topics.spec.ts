import { expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

it.each([
  ['--replication-factor=1.5', '--replication-factor 1.5: not a whole number from 1 to 999'],
  ['--replication-factor=0', '--replication-factor 0: not a whole number from 1 to 999'],
  ['--brokers=localhost', '--brokers must be host:port,…, not localhost'],
  ['--org=-acme', '--org "-acme": not a source org id\nhint: use 1 to 63 of a-z 0-9 -, without - at the start or end'],
])('refuses %s with a reason, before it connects', async (argument, complaint) => {
  expect(await run(['topics', 'create', argument])).toEqual({ status: 2, stdout: '', stderr: `error: ${complaint}\n` });
});
