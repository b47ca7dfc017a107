import { expect, it } from '@jest/globals';
import { turnOf } from './alert-topic.ts';

const alertTopicSince = new Date('2026-06-01T00:00:00Z');
const turn = (alertTopic: 'shared' | 'both' | 'own', wanted: 'shared' | 'both' | 'own') =>
  turnOf({ alertTopic, alertTopicSince }, wanted, 600_000)?.at.toISOString();
const anyTime = '1970-01-01T00:00:00.000Z';
const drained = '2026-06-01T00:10:00.000Z';

it.each([
  ['shared', 'own', undefined],
  ['own', 'shared', undefined],
  ['both', 'own', drained],
  ['both', 'shared', drained],
  ['shared', 'both', anyTime],
  ['own', 'both', anyTime],
  ['own', 'own', anyTime],
] as const)('the topic of the alerts may change from %s to %s once both were read for a while', (from, to, at) => {
  expect(turn(from, to)).toBe(at);
});
