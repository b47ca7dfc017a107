import { expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

it.each([
  ['--replication-factor=1.5', '--replication-factor 1.5: give a whole number from 1 to 999'],
  ['--replication-factor=0', '--replication-factor 0: give a whole number from 1 to 999'],
  ['--brokers=localhost', '--brokers must be host:port,…, not localhost'],
  ['--org=-acme', '--org must be 1 to 63 of a-z 0-9 -, with no - at either end, not "-acme"'],
])('refuses %s with a reason, before it connects', async (argument, complaint) => {
  expect(await run(['topics', 'create', argument])).toEqual({ status: 2, stdout: '', stderr: `${complaint}\n` });
});
