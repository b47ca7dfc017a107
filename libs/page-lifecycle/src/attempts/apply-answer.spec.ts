import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import { retryNames } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { isStillWanted } from '../changes.fixtures.ts';
import { after, aPage, aResolve, at, received } from '../commands/commands.fixtures.ts';
import { decide } from '../commands/decide.ts';
import { outcomeId, reported, unreportedOutcomes } from '../outcomes.ts';
import { maxBadAnswers } from '../policy.ts';
import { isForgettable } from '../retention.ts';
import { type Answer, applyAnswer, giveUp } from './apply-answer.ts';
import { begin, restored } from './attempt.ts';
import { defaultPolicy } from './policy.fixtures.ts';

const now = at('12:00');
const command = aPage();
const { pageId } = command;
const attempting = begin(after(command), pageId, now);
const recovered = (state: AlertState) => decide(state, received(aResolve()), at('12:10'), defaultPolicy).state;
const answered = (state: AlertState, answer: Answer) => applyAnswer(state, pageId, answer, now);
const first = (state: AlertState) => state.pages[0];

const created: Answer = { kind: 'created', destinationPageId: 'd-1' };
const failed = (its: Partial<Extract<Answer, { kind: 'failed' }>> = {}): Answer => ({
  kind: 'failed',
  cause: 'server',
  detail: '503',
  mayHaveCreated: false,
  waitMs: 2000,
  ...its,
});

describe('the answer to a create', () => {
  it('delivers the page, drops its text and lists the outcome as unreported', () => {
    const state = answered(attempting, created);

    expect(first(state)).toMatchObject({ status: 'delivered', destinationPageId: 'd-1', attempts: 1 });
    expect(first(state)).not.toHaveProperty('commandRecord');
    expect(unreportedOutcomes(state)).toMatchObject([{ outcome: { outcome: 'delivered', possibleDuplicate: false } }]);
  });

  it('that failed makes the page wait, untagged if the destination certainly created nothing', () => {
    expect(first(answered(attempting, failed()))).toMatchObject({
      status: 'pending',
      possibleDuplicate: false,
      nextAttemptAt: '2026-01-31T12:00:02.000Z',
      lastError: '503',
    });
  });

  it('that was lost tags every later attempt', () => {
    const lost = answered(attempting, failed({ cause: 'timeout', mayHaveCreated: true }));
    const again = answered(begin(lost, pageId, now), failed());

    expect(first(again)).toMatchObject({ status: 'pending', possibleDuplicate: true, attempts: 2 });
  });

  it('that refuses the page gives it up, and keeps the data for the dead letter until it is written', () => {
    const state = answered(attempting, { kind: 'refused', detail: 'no such team' });

    expect(first(state)).toMatchObject({ status: 'undeliverable', reason: 'rejected', lastError: 'no such team' });
    expect(first(state)?.commandRecord).toBeDefined();
    expect(
      first(
        reported(
          state,
          unreportedOutcomes(state).map(({ outcome }) => outcome),
        ),
      ),
    ).not.toHaveProperty('commandRecord');
  });

  it('that says created without a page id is accepted only a limited number of times', () => {
    const bad = failed({ cause: 'bad-answer', mayHaveCreated: true });
    const states = Array.from({ length: maxBadAnswers }).reduce<AlertState>(
      (state) => answered(begin(state, pageId, now), bad),
      after(command),
    );

    expect(first(states)).toMatchObject({ status: 'undeliverable', reason: 'bad-answer', possibleDuplicate: true });
  });

  it('that is bad is counted separately from other failures', () => {
    const others = retryNames.filter((cause) => cause !== 'bad-answer');
    const histories = fc.array(fc.constantFrom('bad-answer' as const, ...others), { maxLength: 30 });
    fc.assert(
      fc.property(histories, (causes) => {
        let state = after(command);
        for (const [calls, cause] of causes.entries()) {
          const bad = causes.slice(0, calls + 1).filter((each) => each === 'bad-answer').length;
          state = answered(begin(state, pageId, now), failed({ cause }));
          const isGivenUp = bad >= maxBadAnswers;
          expect(first(state)?.status).toBe(isGivenUp ? 'undeliverable' : 'pending');
          if (isGivenUp) return;
        }
      }),
      { examples: [[['server', 'server', 'bad-answer', 'bad-answer', 'forbidden', 'bad-answer']]] },
    );
  });

  it('is recorded once: a second answer changes nothing', () => {
    const state = answered(attempting, created);

    expect(answered(state, failed())).toBe(state);
  });
});

describe('a recovery while the create is in flight', () => {
  const ending = recovered(attempting);

  it('resolves the page as soon as it is known to exist', () => {
    const state = answered(ending, created);

    expect(first(state)).toMatchObject({ status: 'resolving', destinationPageId: 'd-1' });
    expect(unreportedOutcomes(state)).toMatchObject([{ outcome: { outcome: 'delivered' } }]);
  });

  it.each([
    ['failed', failed()],
    ['was refused', { kind: 'refused', detail: '' }],
    ['was not called after all', { kind: 'not-called' }],
  ] as const)('supersedes the page when the create %s', (_, answer) => {
    expect(first(answered(ending, answer))).toMatchObject({ status: 'superseded', reason: 'recovered' });
  });

  it('records that a page may exist when the answer is lost', () => {
    const state = answered(ending, failed({ mayHaveCreated: true }));

    expect(first(state)).toMatchObject({ status: 'superseded', possibleDuplicate: true });
    expect(first(state)?.lastError).toContain('cannot resolve');
  });

  it('prevents a create that has not been sent', () => {
    expect(isStillWanted(attempting, pageId)).toBe(true);
    expect(isStillWanted(ending, pageId)).toBe(false);
  });
});

describe('after a crash', () => {
  it('an attempt without an answer is repeated as a possible duplicate', () => {
    expect(first(restored(attempting, now))).toMatchObject({ status: 'pending', possibleDuplicate: true });
  });

  it('a page that was never attempted is attempted without a tag', () => {
    const state = after(command);

    expect(restored(state, now)).toBe(state);
  });

  it('the same outcomes are unreported, with the same ids', () => {
    const state = answered(attempting, created);
    const ids = (of: AlertState) => unreportedOutcomes(of).map(({ outcome }) => outcomeId(outcome));

    expect(ids(restored(JSON.parse(JSON.stringify(state)), at('12:30')))).toEqual(ids(state));
  });
});

describe('the answer to a resolve', () => {
  const resolving = recovered(answered(attempting, created));

  it('ends the page', () => {
    expect(first(answered(resolving, { kind: 'resolved' }))).toMatchObject({ status: 'resolved', resolveAttempts: 1 });
  });

  it('that failed is followed by another resolve', () => {
    expect(first(answered(resolving, failed()))).toMatchObject({ status: 'resolving', resolveAttempts: 1 });
  });

  it('that refuses leaves the page unresolved, and publishes the outcome', () => {
    const state = answered(resolving, { kind: 'refused', detail: 'no' });

    expect(unreportedOutcomes(state)).toMatchObject([{}, { outcome: { outcome: 'unresolved', reason: 'rejected' } }]);
  });
});

describe('giving up', () => {
  it('makes a waiting page undeliverable and a waiting resolve unresolved', () => {
    const old = giveUp(after(command), pageId, 'too-old', 'too old', now);
    const stuck = giveUp(recovered(answered(attempting, created)), pageId, 'too-old', 'too old', now);

    expect(first(old)).toMatchObject({ status: 'undeliverable', reason: 'too-old' });
    expect(first(stuck)).toMatchObject({ status: 'unresolved', reason: 'too-old' });
  });

  it('does not change pages with a create in flight or ended pages', () => {
    expect(giveUp(attempting, pageId, 'too-old', '', now)).toBe(attempting);
  });
});

describe('forgetting', () => {
  const week = at('12:00').getTime() + defaultPolicy.retentionMs;
  const published = (state: AlertState) =>
    reported(
      state,
      unreportedOutcomes(state).map(({ outcome }) => outcome),
    );

  it('waits for the retention, and never happens while work or an unreported outcome is left', () => {
    const state = answered(attempting, created);

    expect(isForgettable(published(state), new Date(week), defaultPolicy)).toBe(true);
    expect(isForgettable(published(state), new Date(week - 1), defaultPolicy)).toBe(false);
    expect(isForgettable(state, new Date(week), defaultPolicy)).toBe(false);
    expect(isForgettable(after(command), new Date(week), defaultPolicy)).toBe(false);
    expect(isForgettable(attempting, new Date(week), defaultPolicy)).toBe(false);
  });

  it('of an alert that never paged happens after an hour', () => {
    expect(isForgettable(after(aResolve()), at('13:10'), defaultPolicy)).toBe(true);
  });
});
