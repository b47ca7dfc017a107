import { expect, it } from '@jest/globals';
import { isStale, traceCommand } from './words.ts';

it('a command quotes key and org for the shell, whatever they are', () => {
  const commandFor = (alert: string, org = 'acme-us') => traceCommand(org, { alert });
  expect(commandFor('monitor-4:host/db')).toBe('pagebridge trace monitor-4:host/db --org acme-us --kafka');
  expect(commandFor("it's $HOME")).toBe(`pagebridge trace 'it'\\''s $HOME' --org acme-us --kafka`);
  expect(commandFor('-o')).toBe('pagebridge trace --org acme-us --kafka -- -o');
  expect(commandFor('x', 'a;curl evil')).toBe("pagebridge trace x --org 'a;curl evil' --kafka");
  expect(traceCommand('acme-us', { page: 'p1' })).toBe('pagebridge trace --page p1 --org acme-us --kafka');
  expect(traceCommand('acme-us')).toBe('pagebridge trace <key> --org acme-us --kafka');
});

it('the history is behind once it is older than half a minute, or was never read', () => {
  const now = Date.parse('2026-11-30T03:12:34Z');
  expect(['2026-11-30T03:12:04Z', '2026-11-30T03:12:03Z', null].map((asOf) => isStale({ asOf }, now))).toEqual([
    ...[false, true, true],
  ]);
});
