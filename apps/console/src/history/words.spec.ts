import { expect, it } from '@jest/globals';
import { isStale, traceCommand } from './words.ts';

it('a command quotes a key for the shell, whatever it is', () => {
  expect(traceCommand('acme-us', 'monitor-4:host/db')).toBe('pagebridge trace monitor-4:host/db --org acme-us --kafka');
  expect(traceCommand('acme-us', "it's $HOME")).toBe(`pagebridge trace 'it'\\''s $HOME' --org acme-us --kafka`);
  expect(traceCommand('acme-us', '-o')).toBe('pagebridge trace --org acme-us --kafka -- -o');
});

it('the history is behind once it is older than half a minute, or was never read', () => {
  const now = Date.parse('2026-11-30T03:12:34Z');
  expect(['2026-11-30T03:12:04Z', '2026-11-30T03:12:03Z', null].map((asOf) => isStale({ asOf }, now))).toEqual([
    ...[false, true, true],
  ]);
});
