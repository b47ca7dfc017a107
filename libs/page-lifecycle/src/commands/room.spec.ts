import { expect, it } from '@jest/globals';
import { type AlertState, maxValueBytes, type PageCommand, PageStates } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { applyAnswer, giveUp } from '../attempts/apply-answer.ts';
import { begin } from '../attempts/attempt.ts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { reported, unreportedOutcomes } from '../outcomes.ts';
import { maxLivePages } from '../policy.ts';
import { aPage, aResolve, at, received } from './commands.fixtures.ts';
import { decide } from './decide.ts';

// A control character takes six bytes in JSON, more than any other character that a source may write.
const worst = (length: number) => '\u0001'.repeat(length);
const bytesOf = (state: AlertState) =>
  PageStates.encode('k', { id: '1', source: '/s', time: state.updatedAt }, { ...state }).value?.length ?? 0;

const untried = ({ pages }: AlertState) => pages.find(({ status, attempts }) => status === 'pending' && attempts === 0);

type PageOf = (n: number, occurredAt: string) => PageCommand;

const withLongTexts: PageOf = (n, occurredAt) =>
  aPage({
    teamId: `team-${n}`,
    teamHandle: 't'.repeat(195),
    alertEventId: worst(256),
    handle: worst(280),
    occurredAt,
    title: `${n}${worst(1000)}`,
    description: worst(8192),
    tags: Array.from({ length: 20 }, (_, tag) => `${tag}${worst(200)}`),
  });

const withLongNames: PageOf = (n, occurredAt) => ({
  ...withShortTexts(n, occurredAt),
  teamHandle: 't'.repeat(195),
  handle: worst(280),
});

const withShortTexts: PageOf = (n, occurredAt) => aPage({ teamId: `team-${n}`, alertEventId: worst(256), occurredAt });

const longest = aConnection({ slug: 's'.repeat(63) });
const withBackups: PageOf = (n, occurredAt) => ({
  ...withShortTexts(n, occurredAt),
  teamHandle: 't'.repeat(195),
  failover: {
    connectionId: longest.connectionId,
    teamId: 'b'.repeat(64),
    teamHandle: 'b'.repeat(195),
    afterFailures: 1,
  },
});

/** Adds at most `most` pages, until there is no room. Returns the state, and whether a page was refused. */
function fill(pageOf: PageOf, from: AlertState | undefined, most: number, occurredAt: string) {
  let state = from;
  for (let n = 0; n < most; n += 1) {
    const decision = decide(state, received(pageOf(n, occurredAt)), at('12:00'), defaultPolicy);
    if (decision.refused) return { state: decision.state, refused: true, count: n };
    state = decision.state;
  }
  if (!state) throw new Error('most must be positive');
  return { state, refused: false, count: most };
}

const allPublished = (state: AlertState): AlertState =>
  reported(
    state,
    unreportedOutcomes(state).map(({ outcome }) => outcome),
  );

it.each([
  ['long texts', withLongTexts],
  ['long names', withLongNames],
  ['short texts', withShortTexts],
  ['backups', withBackups],
])(
  'keeps the record of one alert readable with %s, for any values from its source and any answers',
  (_what, pageOf) => {
    let state: AlertState | undefined;
    for (const hour of ['06', '07', '08']) {
      const { state: full } = fill(pageOf, state, 100, at(`${hour}:00`).toISOString());
      const recovery = aResolve({ occurredAt: at(`${hour}:30`).toISOString(), alertEventId: worst(256) });
      state = allPublished(decide(full, received(recovery), at('12:00'), defaultPolicy).state);
    }
    const live = fill(pageOf, state, 500, at('11:00').toISOString());
    expect(live.refused).toBe(true);

    let full = live.state;
    const failed = {
      kind: 'failed',
      cause: 'network',
      detail: '€'.repeat(2000),
      mayHaveCreated: true,
      waitMs: 0,
    } as const;
    for (let next = untried(full); next; next = untried(full)) {
      full = applyAnswer(begin(full, next.pageId, at('12:01')), next.pageId, failed, at('12:02'), () => longest);
    }
    for (let n = 0; n < live.count; n += 1) {
      for (let again = 0; again < 12; again += 1) {
        const { state: next } = decide(
          full,
          received(pageOf(n, at('11:30').toISOString())),
          at('12:03'),
          defaultPolicy,
        );
        full = next;
      }
    }
    expect(bytesOf(full)).toBeLessThan(maxValueBytes);
  },
);

const ofBytes = (bytes: number) => Array.from({ length: 250 }, (_, n) => `${n}`.padEnd(bytes / 250, 'x'));

it('keeps the latest ended pages for which the live ones leave room', () => {
  const { state: ended } = fill(withLongNames, undefined, 40, at('08:00').toISOString());
  const recovery = aResolve({ occurredAt: at('08:30').toISOString() });
  const { state: quiet } = decide(ended, received(recovery), at('12:00'), defaultPolicy);
  const large = (teamId: string, bytes: number) =>
    received(aPage({ teamId, tags: ofBytes(bytes), occurredAt: at('11:00').toISOString() }));
  const one = decide(allPublished(quiet), large('one', 400_000), at('12:00'), defaultPolicy);
  expect(one.state.pages).toHaveLength(41);
  const two = decide(one.state, large('two', 500_000), at('12:00'), defaultPolicy);
  expect(two.refused).toBeUndefined();
  const kept = two.state.pages.slice(0, -2).map(({ pageId }) => pageId);
  expect(kept.length).toBeGreaterThan(5);
  expect(kept).toEqual(ended.pages.slice(-kept.length).map(({ pageId }) => pageId));
  expect(bytesOf(two.state)).toBeLessThan(maxValueBytes);
});

it('reserves no backup for a page that has ended', () => {
  const occurredAt = at('11:00').toISOString();
  const failover = { connectionId: longest.connectionId, teamId: 'b', teamHandle: 'b', afterFailures: 1 };
  const backedUp: PageOf = (n) => aPage({ teamId: `team-${n}`, occurredAt, failover });
  const { state } = fill(backedUp, undefined, 91, occurredAt);
  const ended = state.pages.reduce(
    (after, { pageId }) => giveUp(after, pageId, 'connection-disabled', '', at('12:01')),
    state,
  );

  const next: PageOf = (n) => aPage({ teamId: `next-${n}`, occurredAt });
  expect(fill(next, ended, maxLivePages - 90, occurredAt).refused).toBe(false);
});
