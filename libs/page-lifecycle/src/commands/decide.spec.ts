import { describe, expect, it } from '@jest/globals';
import { maxJoined } from '@pagebridge/contracts';
import { applyAnswer } from '../attempts/apply-answer.ts';
import { begin } from '../attempts/attempt.ts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { unreportedOutcomes } from '../outcomes.ts';
import { maxLivePages } from '../policy.ts';
import { after, aPage, aResolve, at, received } from './commands.fixtures.ts';
import { decide } from './decide.ts';

const now = at('12:00');
const decided = (
  state: ReturnType<typeof after> | undefined,
  command: Parameters<typeof received>[0],
  when = new Date(command.occurredAt),
) => decide(state, received(command), when, defaultPolicy);
const delivered = (page = aPage(), more: Parameters<typeof aPage>[0][] = []) => {
  const pages = [page, ...more.map((its) => aPage({ ...page, ...its }))];
  return pages.reduce(
    (state, { pageId }) =>
      applyAnswer(begin(state, pageId, now), pageId, { kind: 'created', destinationPageId: `d-${pageId}` }, now),
    after(...pages),
  );
};
const statuses = (state: ReturnType<typeof after>) => state.pages.map(({ status }) => status);

describe('a page command', () => {
  it('becomes a pending page that keeps the position of its command and the beginning of its title', () => {
    const command = aPage({ title: 'High memory usage'.repeat(10) });

    const { state, events } = decided(undefined, command);

    expect(events).toEqual([]);
    expect(state.pages).toMatchObject([
      {
        pageId: command.pageId,
        status: 'pending',
        attempts: 0,
        possibleDuplicate: false,
        acceptedAt: command.occurredAt,
        commandRecord: { offset: 0, time: '2026-01-31T12:00:00.100Z' },
        title: command.title.slice(0, 120),
      },
    ]);
  });

  it('changes nothing when Kafka delivers it again, in any status of its page', () => {
    const command = aPage();
    for (const state of [after(command), begin(after(command), command.pageId, now), delivered(command)]) {
      expect(decided(state, command)).toEqual({ state, events: [] });
    }
  });

  it('joins the open page of its team, with the same outcome at each delivery', () => {
    const [first, again] = [aPage(), aPage({ occurredAt: '2026-01-31T12:05:00Z', transition: 'retriggered' })];

    const { state, events } = decided(delivered(first), again);
    const repeated = decided(state, again);

    expect(statuses(state)).toEqual(['delivered']);
    expect(events).toMatchObject([
      { outcome: { pageId: again.pageId, outcome: 'joined', joinedPageId: first.pageId } },
    ]);
    expect(repeated.events).toEqual(events);
    expect(repeated.state).toBe(state);
  });

  it('pages the other team and the other connection of the same alert', () => {
    const first = aPage();
    const state = after(
      first,
      aPage({ teamId: 'team-43' }),
      aPage({ connectionId: '1d5a1a0c-9a0e-4b9a-8f0e-0b1f6c5f8d11' }),
    );

    expect(statuses(state)).toEqual(['pending', 'pending', 'pending']);
  });

  it('pages again once the open page is older than the reopen age', () => {
    const { state } = decided(delivered(), aPage({ occurredAt: '2026-01-31T13:00:00Z' }), at('13:00'));

    expect(statuses(state)).toEqual(['delivered', 'pending']);
  });

  it('joins a page that is not delivered yet, however old', () => {
    const { state } = decided(after(aPage()), aPage({ occurredAt: '2026-01-31T15:00:00Z' }), at('15:00'));

    expect(statuses(state)).toEqual(['pending']);
  });

  it('pages again after a recovery', () => {
    const state = after(aPage(), aResolve(), aPage({ occurredAt: '2026-01-31T12:11:00Z' }));

    expect(statuses(state)).toEqual(['superseded', 'pending']);
  });

  it('pages if its time equals that of an earlier recovery', () => {
    const state = after(aPage(), aResolve(), aPage({ occurredAt: aResolve().occurredAt }));

    expect(statuses(state)).toEqual(['superseded', 'pending']);
  });

  it('is superseded, with an outcome, if a later recovery was decided first', () => {
    const late = aPage({ occurredAt: '2026-01-31T12:09:59Z' });

    const { state } = decided(after(aResolve()), late, at('12:10'));

    expect(unreportedOutcomes(state)).toMatchObject([
      { outcome: { pageId: late.pageId, outcome: 'superseded', reason: 'recovered', attempts: 0 } },
    ]);
  });

  it('is refused, with an outcome, when its alert has too many live pages', () => {
    const full = after(...Array.from({ length: maxLivePages }, (_, n) => aPage({ teamId: `team-${n}` })));

    const { state, events, refused } = decided(full, aPage({ teamId: 'one-more' }));

    expect(refused).toMatchObject({ reason: 'too-many-pages' });
    expect(events).toMatchObject([{ outcome: { outcome: 'undeliverable', reason: 'too-many-pages' } }]);
    expect(state).toBe(full);
  });

  it('remembers a bounded number of commands that joined', () => {
    const state = after(aPage(), ...Array.from({ length: maxJoined + 5 }, () => aPage()));

    expect(state.pages[0]?.joined).toHaveLength(maxJoined);
  });
});

describe('a page command that waited in Kafka for longer than the maximum age', () => {
  const old = aPage();
  const nextDay = '2026-02-01T08:00:00.000Z';
  const read = (command = old, its: Partial<ReturnType<typeof received>> = {}) =>
    decide(undefined, { ...received(command), ...its }, new Date(nextDay), defaultPolicy);

  it('is given up with the data for its dead letter, and pages nobody', () => {
    const { state } = read();

    expect(state.pages).toMatchObject([{ status: 'undeliverable', reason: 'too-old', attempts: 0 }]);
    expect(state.pages[0]).toMatchObject({ commandRecord: { offset: 0 } });
    expect(state.pages[0]?.lastError).toContain('1200 minutes');
  });

  it('pages if it is a replay', () => {
    const { state } = read(old, { replay: { from: 'paging.page-commands.v1.dead/3/7', possibleDuplicate: false } });

    expect(statuses(state)).toEqual(['pending']);
  });

  it.each([
    ['the clock of page-routing is behind', { occurredAt: nextDay }, {}],
    ['its alert is late', {}, { time: nextDay }],
    ['its time is in the future', {}, { time: '2026-02-02T00:00:00.000Z' }],
  ])('pages if only %s', (_, command, its) => {
    expect(statuses(read(aPage(command), its).state)).toEqual(['pending']);
  });

  it('is given up for its age, also if its alert has too many live pages', () => {
    const live = (n: number) => ({ ...received(aPage({ teamId: `live-${n}` })), time: nextDay });
    const full = Array.from({ length: maxLivePages }, (_, n) => live(n)).reduce(
      (state, page) => decide(state, page, new Date(nextDay), defaultPolicy).state,
      after(aResolve({ occurredAt: '2026-01-31T11:00:00.000Z' })),
    );

    const { state, refused } = decide(full, received(old), new Date(nextDay), defaultPolicy);
    expect(refused).toBeUndefined();
    expect(state.pages.at(-1)).toMatchObject({ pageId: old.pageId, status: 'undeliverable', reason: 'too-old' });
  });

  it('does not swallow a later trigger of its alert', () => {
    const { state } = read();
    const again = { ...received(aPage({ occurredAt: nextDay })), time: nextDay };

    expect(statuses(decide(state, again, new Date(nextDay), defaultPolicy).state)).toEqual([
      'undeliverable',
      'pending',
    ]);
  });

  it('takes the place of no open page, and joins one as ever', () => {
    const warning = { ...received(aPage({ urgency: 'low', occurredAt: old.occurredAt })), time: nextDay };
    const open = decide(undefined, warning, new Date(nextDay), defaultPolicy).state;
    const urgent = decide(open, received(old), new Date(nextDay), defaultPolicy);
    const less = decide(open, received(aPage({ urgency: 'low' })), new Date(nextDay), defaultPolicy);

    expect(statuses(urgent.state)).toEqual(['pending', 'undeliverable']);
    expect(less.events).toMatchObject([{ outcome: { outcome: 'joined' } }]);
  });

  it('still resolves the pages of its alert if it is a recovery', () => {
    const recovery = received(aResolve());

    expect(statuses(decide(delivered(), recovery, new Date(nextDay), defaultPolicy).state)).toEqual(['resolving']);
  });
});

describe('a more urgent trigger', () => {
  const low = aPage({ urgency: 'low', transition: 'warned' });
  const high = aPage({ occurredAt: '2026-01-31T12:01:00Z' });

  it('replaces a warning that was not sent', () => {
    const state = after(low, high);

    expect(statuses(state)).toEqual(['superseded', 'pending']);
    expect(unreportedOutcomes(state)).toMatchObject([{ outcome: { outcome: 'superseded', reason: 'replaced' } }]);
  });

  it('resolves a delivered warning as soon as it is delivered itself', () => {
    const raised = decided(delivered(low), high).state;
    expect(statuses(raised)).toEqual(['delivered', 'pending']);

    const answer = { kind: 'created', destinationPageId: 'd' } as const;
    const both = applyAnswer(begin(raised, high.pageId, now), high.pageId, answer, now);
    expect(statuses(both)).toEqual(['resolving', 'delivered']);
  });

  it('leaves the warning open, also for other triggers, if it is refused', () => {
    const raised = decided(delivered(low), high).state;

    const state = applyAnswer(begin(raised, high.pageId, now), high.pageId, { kind: 'refused', detail: 'no' }, now);
    const next = decided(state, aPage({ urgency: 'low', occurredAt: '2026-01-31T12:02:00Z' }));

    expect(statuses(state)).toEqual(['delivered', 'undeliverable']);
    expect(next.events).toMatchObject([{ outcome: { outcome: 'joined', joinedPageId: low.pageId } }]);
  });

  it('that is older than the warning joins it', () => {
    const late = aPage({ occurredAt: '2026-01-31T11:59:00Z' });

    expect(decided(delivered(low), late).events).toMatchObject([{ outcome: { outcome: 'joined' } }]);
  });

  it('is joined by later warnings', () => {
    const { events } = decided(delivered(high), aPage({ urgency: 'low', occurredAt: '2026-01-31T12:02:00Z' }));

    expect(events).toMatchObject([{ outcome: { outcome: 'joined', joinedPageId: high.pageId } }]);
  });
});

describe('a recovery', () => {
  it('resolves delivered pages and cancels waiting ones', () => {
    const state = decided(decided(delivered(), aPage({ teamId: 'team-2' })).state, aResolve()).state;

    expect(statuses(state)).toEqual(['resolving', 'superseded']);
  });

  it('does not end a page that a later trigger has joined', () => {
    const joined = decided(delivered(), aPage({ occurredAt: '2026-01-31T12:20:00Z' }), at('12:20')).state;

    expect(statuses(decided(joined, aResolve()).state)).toEqual(['delivered']);
  });

  it('that is redelivered does not end a page with the same event time', () => {
    const recovery = aResolve();
    const state = after(aPage(), recovery, aPage({ occurredAt: recovery.occurredAt }));

    expect(decided(state, recovery).state).toBe(state);
    expect(statuses(decided(state, aResolve()).state)).toEqual(['superseded', 'superseded']);
  });

  it('dated years ahead does not silence later triggers', () => {
    const state = decided(after(aPage()), aResolve({ occurredAt: '2099-01-01T00:00:00Z' }), at('12:10')).state;

    expect(statuses(state)).toEqual(['superseded']);
    expect(statuses(decided(state, aPage({ occurredAt: '2026-01-31T12:11:00Z' }), at('12:11')).state)).toEqual([
      'superseded',
      'pending',
    ]);
  });

  it('is remembered for an alert that never paged', () => {
    expect(after(aResolve())).toMatchObject({ recoveredAt: '2026-01-31T12:10:00.000Z', pages: [] });
  });
});

describe('a trigger and a recovery of nearly the same time', () => {
  const record = (offset: number, partition = 3, topic = 'paging.alerts.v1') => `${topic}/${partition}/${offset}`;
  const recovery = aResolve({ occurredAt: '2026-01-31T12:10:30Z', alertRecord: record(7) });
  const trigger = (its: Parameters<typeof aPage>[0] = {}) =>
    aPage({ occurredAt: '2026-01-31T12:10:05Z', alertRecord: record(8), ...its });
  const statusOf = (state: ReturnType<typeof after>, { pageId }: ReturnType<typeof aPage>) =>
    state.pages.find((page) => page.pageId === pageId)?.status;

  it('are in the order of their alert records: a re-trigger pages although the recovery before it is dated ahead', () => {
    const again = trigger();

    expect(statusOf(after(trigger({ alertRecord: record(6) }), recovery, again), again)).toBe('pending');
  });

  it('are in the order of their alert records: a recovery ends a page whose trigger is dated ahead', () => {
    const ahead = trigger({ occurredAt: '2026-01-31T12:11:00Z' });
    const ended = aResolve({ occurredAt: '2026-01-31T12:10:40Z', alertRecord: record(9) });

    expect(statusOf(after(recovery, ahead, ended), ahead)).toBe('superseded');
  });

  it('are in the order of their alert records also for a page that another trigger joined', () => {
    const first = trigger({ occurredAt: '2026-01-31T12:10:20Z' });
    const joins = trigger({ alertRecord: record(10) });
    const state = after(first, joins);
    const between = aResolve({ occurredAt: '2026-01-31T12:10:50Z', alertRecord: record(9) });
    const last = aResolve({ occurredAt: '2026-01-31T12:10:10Z', alertRecord: record(11) });

    expect(statusOf(decided(state, between).state, first)).toBe('pending');
    expect(statusOf(decided(state, last).state, first)).toBe('superseded');
  });

  it('keep their order when they are read again', () => {
    const [first, again] = [trigger({ alertRecord: record(6) }), trigger()];
    const state = after(first, recovery, again);

    for (const command of [first, recovery, again]) expect(decided(state, command).state).toBe(state);
    const later = aResolve({ occurredAt: '2026-01-31T12:10:29Z', alertRecord: record(9) });
    const ended = decided(state, later).state;
    for (const command of [first, recovery, again, later]) expect(decided(ended, command).state).toBe(ended);
    expect(statusOf(ended, again)).toBe('superseded');
  });

  it('keep their order also when a recovery that is dated years ahead is read again much later', () => {
    const ahead = { ...recovery, occurredAt: '2099-01-01T00:00:00Z' };
    const again = trigger({ occurredAt: '2026-01-31T12:12:00Z' });
    const state = decided(decided(undefined, ahead, at('12:10')).state, again, at('12:12')).state;

    expect(decided(state, ahead, at('12:30')).state).toBe(state);
  });

  it.each([
    ['five minutes or more apart', trigger({ occurredAt: '2026-01-31T12:05:30Z' }), recovery],
    ['in different partitions', trigger({ alertRecord: record(8, 4) }), recovery],
    ['in different topics', trigger({ alertRecord: record(8, 3, 'paging.org-alerts.v1.acme-us') }), recovery],
    [
      'of a router that did not name the record of the trigger',
      aPage({ occurredAt: '2026-01-31T12:10:05Z' }),
      recovery,
    ],
    [
      'of a router that did not name the record of the recovery',
      trigger(),
      aResolve({ occurredAt: recovery.occurredAt }),
    ],
  ])('are in the order of their times if they are %s', (_, late, ended) => {
    expect(statusOf(after(ended, late), late)).toBe('superseded');
    const state = decided(after(late), { ...ended, alertEventId: 'again', occurredAt: '2026-01-31T12:10:31Z' }).state;
    expect(statusOf(state, late)).toBe('superseded');
    const before = { ...ended, alertEventId: 'before', occurredAt: '2026-01-31T12:05:00Z' };
    expect(statusOf(decided(after(late), before).state, late)).toBe('pending');
  });

  it('are in the order of their times if one of them is a replay', () => {
    const replay = { from: 'paging.page-commands.v1.dead/3/7', possibleDuplicate: false };
    const late = trigger();
    const replayed = (state: ReturnType<typeof after>, command: Parameters<typeof received>[0]) =>
      decide(state, { ...received(command), replay }, at('12:11'), defaultPolicy).state;

    expect(statusOf(replayed(after(recovery), late), late)).toBe('superseded');
    expect(statusOf(replayed(after(late), { ...recovery, alertRecord: record(6) }), late)).toBe('superseded');
  });
});

describe('a clock that goes backwards', () => {
  it('neither loses a trigger nor keeps a recovery from ending it', () => {
    const recovered = decided(delivered(), aResolve(), at('12:10')).state;
    const again = aPage({ occurredAt: '2026-01-31T12:11:00Z' });

    const paged = decided(recovered, again, at('09:00')).state;
    const ended = decided(paged, aResolve({ occurredAt: '2026-01-31T12:12:00Z' }), at('09:00')).state;

    expect(statuses(paged)).toEqual(['resolving', 'pending']);
    expect(statuses(ended)).toEqual(['resolving', 'superseded']);
  });
});
