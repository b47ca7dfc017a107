import { describe, expect, it } from '@jest/globals';
import type { AlertState, PageCommand } from '@pagebridge/contracts';
import fc from 'fast-check';
import { type Answer, applyAnswer } from '../attempts/apply-answer.ts';
import { begin, restored } from '../attempts/attempt.ts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { isStillWanted } from '../changes.fixtures.ts';
import { due } from '../due.ts';
import { reported, unreportedOutcomes } from '../outcomes.ts';
import { isEnded, pageOf, workOf } from '../page.ts';
import { aPage, aResolve, at, received } from './commands.fixtures.ts';
import { decide } from './decide.ts';
import { type Replay } from './decision.ts';

const refused: Answer = { kind: 'refused', detail: 'no such team' };
const created: Answer = { kind: 'created', destinationPageId: 'd-1' };
const published = (state: AlertState): AlertState =>
  reported(
    state,
    unreportedOutcomes(state).map(({ outcome }) => outcome),
  );
const answered = (state: AlertState, pageId: string, answer: Answer, now: Date) =>
  applyAnswer(begin(state, pageId, now), pageId, answer, now);
const replayed = (command: PageCommand, from = 'paging.page-commands.v1.dead/3/7', its: Partial<Replay> = {}) => ({
  ...received(command),
  replay: { from, possibleDuplicate: false, ...its },
});

const command = aPage({ occurredAt: at('12:00').toISOString() });
const { pageId } = command;
const first = decide(undefined, received(command), at('12:00'), defaultPolicy).state;
const givenUp = published(answered(first, pageId, refused, at('12:01')));

describe('the replay of a page that was given up', () => {
  it('is a new attempt of the same page, whose age counts from the replay', () => {
    const { state, events } = decide(givenUp, replayed(command), at('20:00'), defaultPolicy);
    expect(events).toEqual([]);
    expect(state.pages).toHaveLength(1);
    const page = pageOf(state, pageId);
    expect(page).toMatchObject({
      status: 'pending',
      attempts: 0,
      possibleDuplicate: false,
      title: command.title,
    });
    expect(page && workOf(page)).toBe('create');
    if (page) expect(due(state, page, undefined, at('20:00'), defaultPolicy)).toMatchObject({ kind: 'call' });
  });

  it('changes nothing when Kafka delivers it again, even if the page was given up again meanwhile', () => {
    const again = published(
      answered(decide(givenUp, replayed(command), at('20:00'), defaultPolicy).state, pageId, refused, at('20:01')),
    );
    expect(pageOf(again, pageId)?.status).toBe('undeliverable');
    expect(decide(again, replayed(command), at('20:02'), defaultPolicy)).toEqual({ state: again, events: [] });
    const next = decide(again, replayed(command, 'paging.page-commands.v1.dead/3/8'), at('20:02'), defaultPolicy);
    expect(pageOf(next.state, pageId)?.status).toBe('pending');
  });

  it('changes nothing if the page was delivered', () => {
    const delivered = published(answered(first, pageId, created, at('12:01')));
    expect(decide(delivered, replayed(command), at('20:00'), defaultPolicy)).toEqual({ state: delivered, events: [] });
  });

  it('pages nobody once the alert has recovered', () => {
    const recovered = decide(
      givenUp,
      received(aResolve({ occurredAt: at('12:10').toISOString() })),
      at('12:10'),
      defaultPolicy,
    ).state;
    const { state } = decide(recovered, replayed(command), at('20:00'), defaultPolicy);
    expect(pageOf(state, pageId)).toMatchObject({ status: 'superseded', reason: 'recovered' });
  });

  it('joins the open page of a newer trigger', () => {
    const newer = aPage({ occurredAt: at('13:00').toISOString() });
    const open = published(
      answered(decide(givenUp, received(newer), at('13:00'), defaultPolicy).state, newer.pageId, created, at('13:00')),
    );
    const { state, events } = decide(open, replayed(command), at('20:00'), defaultPolicy);
    expect(events.map(({ outcome }) => [outcome.outcome, outcome.joinedPageId])).toEqual([['joined', newer.pageId]]);
    expect(decide(state, replayed(command), at('20:00'), defaultPolicy).state).toBe(state);
  });

  it('pages once beside the open page of a newer trigger if requested, and a recovery ends both', () => {
    const newer = aPage({ occurredAt: at('13:00').toISOString() });
    const open = published(
      answered(decide(givenUp, received(newer), at('13:00'), defaultPolicy).state, newer.pageId, created, at('13:00')),
    );
    const anew = replayed(command, undefined, { forceNewPage: true });
    const { state, events } = decide(open, anew, at('13:10'), defaultPolicy);
    expect(events).toEqual([]);
    expect(pageOf(state, newer.pageId)?.status).toBe('delivered');
    expect(pageOf(state, pageId)?.status).toBe('pending');
    const both = published(answered(state, pageId, { ...created, destinationPageId: 'd-2' }, at('13:11')));
    expect(decide(both, anew, at('13:12'), defaultPolicy)).toEqual({ state: both, events: [] });
    const over = received(aResolve({ occurredAt: at('13:20').toISOString() }));
    const recovered = decide(both, over, at('13:20'), defaultPolicy).state;
    expect(recovered.pages.map(({ status }) => status)).toEqual(['resolving', 'resolving']);
  });

  it('pages nobody after a recovery, even if requested', () => {
    const over = received(aResolve({ occurredAt: at('12:10').toISOString() }));
    const recovered = decide(givenUp, over, at('12:10'), defaultPolicy).state;
    const { state } = decide(
      recovered,
      replayed(command, undefined, { forceNewPage: true }),
      at('20:00'),
      defaultPolicy,
    );
    expect(pageOf(state, pageId)).toMatchObject({ status: 'superseded', reason: 'recovered' });
  });

  it('is a possible duplicate if the ledger or the dead letter marks it so', () => {
    const lost: Answer = { kind: 'failed', cause: 'timeout', detail: 'no reply', mayHaveCreated: true, waitMs: 0 };
    const doubtful = published(answered(answered(first, pageId, lost, at('12:01')), pageId, refused, at('12:02')));
    expect(
      pageOf(decide(doubtful, replayed(command), at('20:00'), defaultPolicy).state, pageId)?.possibleDuplicate,
    ).toBe(true);
    const forgotten = decide(
      undefined,
      replayed(command, 'paging.page-commands.v1.dead/3/7', { possibleDuplicate: true }),
      at('20:00'),
      defaultPolicy,
    );
    expect(pageOf(forgotten.state, pageId)?.possibleDuplicate).toBe(true);
  });

  it('publishes the unreported outcomes of the page that was given up', () => {
    const untold = answered(first, pageId, refused, at('12:01'));
    const { events } = decide(untold, replayed(command), at('20:00'), defaultPolicy);
    expect(events.map(({ outcome }) => outcome.outcome)).toEqual(['undeliverable']);
  });

  it('does not change a page that was given up without the header of a replay', () => {
    expect(decide(givenUp, received(command), at('20:00'), defaultPolicy).state).toBe(givenUp);
  });
});

describe('for any history between replays', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('replay' as const), letter: fc.nat(3), forceNewPage: fc.boolean() }),
      fc.constant({ do: 'redeliver' as const }),
      fc.record({
        do: fc.constant('answer' as const),
        answer: fc.constantFrom('created' as const, 'refused' as const),
      }),
      fc.constant({ do: 'crash' as const }),
      fc.constant({ do: 'recover' as const }),
    ),
    { maxLength: 40 },
  );

  it('a page is created once, each replay is at most one attempt, and no page is sent after the recovery', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let state = first;
        let creates = 0;
        let attempts = 0;
        let recovered = false;
        const letters = new Set<number>();
        for (const step of history) {
          if (step.do === 'replay') {
            letters.add(step.letter);
            const again = replayed(command, `dead/0/${step.letter}`, { forceNewPage: step.forceNewPage });
            state = decide(state, again, at('13:00'), defaultPolicy).state;
          } else if (step.do === 'redeliver')
            state = decide(state, received(command), at('13:00'), defaultPolicy).state;
          else if (step.do === 'crash') state = restored(JSON.parse(JSON.stringify(state)), at('13:00'));
          else if (step.do === 'recover') {
            recovered = true;
            state = decide(
              state,
              received(aResolve({ occurredAt: at('12:30').toISOString() })),
              at('13:00'),
              defaultPolicy,
            ).state;
          } else {
            const begun = begin(state, pageId, at('13:00'));
            if (begun === state || !isStillWanted(begun, pageId)) continue;
            expect(recovered).toBe(false);
            attempts += 1;
            if (step.answer === 'created') creates += 1;
            state = applyAnswer(begun, pageId, step.answer === 'created' ? created : refused, at('13:00'));
          }
          state = published(state);
        }
        expect(creates).toBeLessThanOrEqual(1);
        expect(attempts).toBeLessThanOrEqual(1 + history.filter((step) => step.do === 'replay').length);
        expect(state.pages).toHaveLength(1);
        if (recovered) expect(state.pages.every((page) => isEnded(page) || page.status === 'resolving')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
