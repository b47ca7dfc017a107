import { describe, expect, it } from '@jest/globals';
import type { Mention } from './queries.ts';
import { becameOf, worstFirst } from './words.ts';

const at = '2026-11-30T02:58:10.000Z';
const mention = (its: Partial<Mention>): Mention => ({
  handle: '@oncall-core-infra',
  state: 'delivered',
  at,
  stateAt: null,
  pageId: 'p1',
  backs: null,
  connectionId: 'c1',
  connectionName: 'Globex EU',
  teamHandle: 'core-infra',
  urgency: 'high',
  attempts: 1,
  possibleDuplicate: false,
  destinationPageId: null,
  acceptedAt: '2026-11-30T02:58:10.400Z',
  takenAt: null,
  closedThereAt: null,
  nextAttemptAt: null,
  givenUpAt: null,
  reason: null,
  detail: null,
  ...its,
});
const nextAttemptAt = '2026-11-30T03:13:00Z';

describe('what became of a mention', () => {
  it.each<[string, Partial<Mention>]>([
    ['core-infra over Globex EU, after 400 ms', {}],
    [
      'core-infra over Globex EU, as the backup, possibly twice, after 400 ms',
      { backs: 'p0', possibleDuplicate: true },
    ],
    ['core-infra over Globex EU, open for 22 min', { state: 'resolved', stateAt: '2026-11-30T03:20:10.400Z' }],
    [
      'core-infra over Globex EU, after 400 ms, acknowledged by a responder at 2026-11-30T03:01:10Z',
      { takenAt: '2026-11-30T03:01:10Z' },
    ],
    [
      'core-infra over Globex EU, open for 9 min, closed by a responder at 2026-11-30T03:07:10.400Z while the alert was firing',
      { state: 'resolved', stateAt: '2026-11-30T03:09:10Z', closedThereAt: '2026-11-30T03:07:10.400Z' },
    ],
    [
      'core-infra over Globex EU: 403, next attempt 2026-11-30T03:13:00Z',
      { state: 'waiting', detail: '403', nextAttemptAt },
    ],
    ['core-infra over Globex EU: no attempt yet', { state: 'waiting' }],
    ['core-infra over c1: Given up.', { state: 'undeliverable', detail: 'Given up.', connectionName: null }],
    [
      '@oncall-dba: Nobody knows it.',
      { state: 'unrouted', teamHandle: null, handle: '@oncall-dba', detail: 'Nobody knows it.' },
    ],
  ])('is said as %s', (words, its) => {
    expect(becameOf(mention(its), at)).toBe(words);
  });

  it('stands first where somebody is needed soonest', () => {
    const states = ['resolved', 'delivered', 'waiting', 'unrouted'] as const;
    expect(worstFirst(states.map((state) => mention({ state }))).map(({ state }) => state)).toEqual([
      ...['unrouted', 'waiting', 'delivered', 'resolved'],
    ]);
  });
});
