import { describe, expect, it } from '@jest/globals';
import type { AlertState, PageCommand } from '@pagebridge/contracts';
import fc from 'fast-check';
import { decide } from './commands/decide.ts';
import { allReported, outcomeId, unreportedOutcomes } from './outcomes.ts';
import { withPage } from './page.ts';
import { type ReadPage, readBack } from './read-back.ts';
import { delivered, resolving } from './transitions.ts';

const minute = 60_000;
const start = Date.parse('2026-01-31T12:00:00Z');
const at = (minutes: number) => new Date(start + minutes * minute);
const policy = {
  reopenAfterMs: 60 * minute,
  maxAgeMs: 240 * minute,
  retentionMs: 7 * 24 * 60 * minute,
  connectionGraceMs: 0,
};

const command = (pageId: string, its: Partial<PageCommand> = {}): PageCommand => ({
  ...{ kind: 'page', pageId, sourceOrg: 'acme-us', alertKey: 'disk', alertEventId: pageId, transition: 'triggered' },
  ...{
    occurredAt: at(0).toISOString(),
    connectionId: 'c-1',
    teamId: 't-1',
    teamHandle: 'core',
    handle: '@oncall-core',
  },
  ...{ matched: 'exact', urgency: 'high', title: 'Disk full', description: '', tags: [], links: [] },
  ...its,
});

const taken = (state: AlertState | undefined, its: PageCommand, minutes: number, received = {}) =>
  decide(state, { command: its, time: at(minutes).toISOString(), offset: 0, ...received }, at(minutes), policy);

const accept = (state: AlertState, pageId: string, minutes: number): AlertState =>
  allReported(
    withPage(state, pageId, at(minutes), (page) =>
      delivered({ ...page, status: 'attempting' }, `d-${pageId}`, at(minutes)),
    ),
  );

const paged = (): AlertState => accept(taken(undefined, command('p-1'), 0).state, 'p-1', 1);

const read = (its: Partial<ReadPage>): ReadPage => ({ connectionId: 'c-1', destinationPageId: 'd-p-1', ...its });
const acknowledgedAt = at(3).getTime();
const closedAt = at(5).getTime();
const closed = () => allReported(readBack(paged(), read({ acknowledgedAt, closedAt }), at(6)));
const statuses = ({ pages }: AlertState) => pages.map(({ pageId, status }) => `${pageId} ${status}`);

describe('a page that is read back', () => {
  it('is acknowledged once, with the time of the destination', () => {
    const state = readBack(paged(), read({ acknowledgedAt }), at(4));
    const [told] = unreportedOutcomes(state);
    expect(told?.outcome).toMatchObject({
      outcome: 'acknowledged',
      at: at(3).toISOString(),
      destinationPageId: 'd-p-1',
    });
    expect(told && outcomeId(told.outcome)).toBe('p-1/acknowledged');
    expect(state.pages[0]?.unreported).toEqual([]);
    const reported = allReported(state);
    expect(unreportedOutcomes(reported)).toEqual([]);
    expect(readBack(reported, read({ acknowledgedAt: acknowledgedAt + minute }), at(9))).toBe(reported);
  });

  it('ends when it was closed there, in the order in which it happened', () => {
    const state = readBack(paged(), read({ acknowledgedAt, closedAt }), at(6));
    expect(unreportedOutcomes(state).map(({ outcome }) => [outcome.outcome, outcome.reason, outcome.at])).toEqual([
      ['acknowledged', undefined, at(3).toISOString()],
      ['resolved', 'closed-there', at(5).toISOString()],
    ]);
  });

  it.each([
    ['a clock that is ahead', at(600).getTime(), at(6)],
    ['a clock that is behind', at(-600).getTime(), at(0)],
  ])('has no time that cannot be: %s', (_clock, closedThen, expected) => {
    expect(readBack(paged(), read({ closedAt: closedThen }), at(6)).pages[0]?.endedAt).toBe(expected.toISOString());
  });

  it('stays as it is while it is resolved, after its end, and if the answer is about another page of the destination', () => {
    const ending = withPage(paged(), 'p-1', at(4), (page) => resolving(page, at(4)));
    for (const state of [ending, closed()])
      expect(readBack(state, read({ acknowledgedAt: 1, closedAt }), at(9))).toBe(state);
    const state = paged();
    expect(readBack(state, read({ destinationPageId: 'd-other', closedAt }), at(9))).toBe(state);
  });

  it('is in the same state whatever answers came before, twice or late', () => {
    const truth = [read({}), read({ acknowledgedAt }), read({ acknowledgedAt, closedAt })];
    const answers = fc.array(fc.constantFrom(...truth), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(answers, (all) => {
        const newest = truth.findLast((one) => all.includes(one)) ?? read({});
        const after = all.reduce((state, one) => readBack(state, one, at(9)), paged());
        expect(after.pages).toEqual(readBack(paged(), newest, at(9)).pages);
      }),
    );
  });
});

describe('a trigger after a responder closed the page', () => {
  it('pages again at once if it is news', () => {
    const { state } = taken(
      closed(),
      command('p-2', { transition: 'retriggered', occurredAt: at(7).toISOString() }),
      7,
    );
    expect(statuses(state)).toEqual(['p-1 resolved', 'p-2 pending']);
  });

  it('wakes nobody for an hour if it is a repeat, and says so', () => {
    const { state, events } = taken(closed(), command('p-2', { transition: 'renotified' }), 64);
    expect(statuses(state)).toEqual(['p-1 resolved']);
    expect(events.map(({ outcome }) => outcome)).toMatchObject([
      { pageId: 'p-2', outcome: 'superseded', reason: 'closed-there' },
    ]);
    expect(statuses(taken(closed(), command('p-2', { transition: 'renotified' }), 65).state)).toContain('p-2 pending');
  });

  it('of repeats each minute pages again after an hour, however many there were', () => {
    let state = closed();
    let minutes = 6;
    for (; state.pages.length === 1 && minutes < 600; minutes += 1)
      state = taken(state, command(`p-${minutes}`, { transition: 'renotified' }), minutes).state;
    expect(minutes - 1).toBe(65);
  });

  it.each([
    ['is more urgent', () => taken(closed(), command('p-2', { transition: 'renotified' }), 7), 'low' as const],
    [
      'is replayed',
      () =>
        taken(closed(), command('p-2', { transition: 'renotified' }), 7, {
          replay: { from: 'dead/0/1', possibleDuplicate: false },
        }),
      'high' as const,
    ],
  ])('pages again if the repeat %s', (_name, decided, urgency) => {
    const before = closed();
    const its = { ...before, pages: before.pages.map((page) => ({ ...page, urgency })) };
    const again = urgency === 'low' ? taken(its, command('p-2', { transition: 'renotified' }), 7) : decided();
    expect(statuses(again.state)).toContain('p-2 pending');
  });

  it('calls nobody when it is the recovery', () => {
    const recovery = {
      kind: 'resolve',
      sourceOrg: 'acme-us',
      alertKey: 'disk',
      alertEventId: 'r',
      occurredAt: at(8).toISOString(),
    } as const;
    const { state } = decide(closed(), { command: recovery, time: '', offset: 1 }, at(8), policy);
    expect(statuses(state)).toEqual(['p-1 resolved']);
    const again = command('p-3', { transition: 'renotified', occurredAt: at(9).toISOString() });
    expect(statuses(taken(state, again, 10).state)).toContain('p-3 pending');
  });

  it('joins a page that was taken less than an hour ago', () => {
    const state = allReported(readBack(paged(), read({ acknowledgedAt: at(50).getTime() }), at(51)));
    const late = command('p-2', { transition: 'retriggered', occurredAt: at(100).toISOString() });
    expect(statuses(taken(state, late, 100).state)).toEqual(['p-1 delivered']);
    expect(statuses(taken(paged(), late, 100).state)).toEqual(['p-1 delivered', 'p-2 pending']);
  });
});
